<?php

return [
    Symfony\Bundle\FrameworkBundle\FrameworkBundle::class => ['all' => true],
    Apisig\Symfony\ApisigBundle::class => ['all' => true],
];
