<?php

/**
 * Stands in for OpenEMR's class of this name: the names and signatures its module uses, which loads classes by PSR-4.
 *
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace OpenEMR\Core;

class ModulesClassLoader
{
    private static array $registered = [];

    public function __construct($webRootPath)
    {
    }

    public function registerNamespaceIfNotExists($namespace, $paths)
    {
        if (isset(self::$registered[$namespace])) {
            return false;
        }
        self::$registered[$namespace] = true;
        spl_autoload_register(static function (string $class) use ($namespace, $paths): void {
            $file = $paths . '/' . str_replace('\\', '/', substr($class, strlen($namespace))) . '.php';
            if (str_starts_with($class, $namespace) && is_file($file)) {
                require $file;
            }
        });
        return true;
    }
}
