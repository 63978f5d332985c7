<?php

return ['driver' => 'array', 'cookie' => 'shop', 'lifetime' => 120, 'lottery' => [0, 100], 'path' => '/'];
