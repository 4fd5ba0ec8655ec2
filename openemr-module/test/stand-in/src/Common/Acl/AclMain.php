<?php

/**
 * Stands in for OpenEMR's class of this name: the names and signatures its module uses, with access lists that a test writes.
 *
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace OpenEMR\Common\Acl;

class AclMain
{
    /** Who may what: user => list of "section|value" or "section|value|right". */
    public static array $lists = [];

    public static function aclCheckCore($section, $value, $user = '', $return_value = '')
    {
        $granted = self::$lists[$user !== '' ? $user : $_SESSION['authUser']] ?? [];
        foreach ((array) $return_value as $right) {
            if (in_array(rtrim("$section|$value|$right", '|'), $granted, true)) {
                return true;
            }
        }
        return false;
    }
}
