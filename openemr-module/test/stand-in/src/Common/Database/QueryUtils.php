<?php

/**
 * Stands in for OpenEMR's class of this name: the names and signatures its module uses, on SQLite.
 *
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace OpenEMR\Common\Database;

class QueryUtils
{
    public static ?\PDO $database = null;
    /** Statements OpenEMR would have written to its log, with what was bound. */
    public static array $logged = [];

    public static function fetchRecords($sqlStatement, $binds = [], $noLog = false)
    {
        return self::sqlStatementThrowException($sqlStatement, $binds, $noLog)->fetchAll(\PDO::FETCH_ASSOC);
    }

    public static function sqlStatementThrowException($statement, $binds = [], $noLog = false)
    {
        if (!$noLog) {
            self::$logged[] = [$statement, $binds];
        }
        $prepared = self::$database->prepare($statement);
        $prepared->execute($binds);
        return $prepared;
    }
}
