<?php

/**
 * Read by OpenEMR for each page once the module is enabled.
 *
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 *
 * @var \OpenEMR\Core\ModulesClassLoader $classLoader
 * @var \Symfony\Component\EventDispatcher\EventDispatcherInterface $eventDispatcher
 */

namespace NeuroNova\OpenEMR;

$classLoader->registerNamespaceIfNotExists('NeuroNova\\OpenEMR\\', __DIR__ . DIRECTORY_SEPARATOR . 'src');

(new Bootstrap($eventDispatcher, $GLOBALS['webroot'] ?? ''))->subscribeToEvents();
