<?php

return ['default' => 'errorlog', 'channels' => ['errorlog' => ['driver' => 'single', 'path' => '/dev/null']]];
