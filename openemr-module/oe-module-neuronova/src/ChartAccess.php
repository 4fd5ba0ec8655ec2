<?php

/**
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace NeuroNova\OpenEMR;

use OpenEMR\Common\Acl\AclMain;
use OpenEMR\Common\Database\QueryUtils;

/** Who may see whose images, by OpenEMR's own access lists. */
final class ChartAccess
{
    /** Medical records and history: images and what is found in them are part of these. */
    public const ACO = ['patients', 'med'];
    public const CSRF_SUBJECT = 'neuronova';

    public static function mayViewCharts(): bool
    {
        return AclMain::aclCheckCore('patients', 'demo') && AclMain::aclCheckCore(...self::ACO);
    }

    public static function mayView(int $pid): bool
    {
        return self::mayViewCharts() && self::patient($pid) !== null;
    }

    /** Whether they may add to the medical record: only they review results and have models run. */
    public static function mayWrite(): bool
    {
        return (bool) AclMain::aclCheckCore('patients', 'med', '', ['write', 'addonly']);
    }

    public static function mayConfigure(): bool
    {
        return (bool) AclMain::aclCheckCore('admin', 'super');
    }

    /**
     * The patient's External ID (`pubpid`), which is the Patient ID of their images.
     *
     * @return string|null null when there is no such patient, the ID is empty, or the squad is one the user has no
     *   access to
     */
    public static function patient(int $pid): ?string
    {
        $row = QueryUtils::fetchRecords('SELECT pubpid, squad FROM patient_data WHERE pid = ?', [$pid])[0] ?? null;
        if ($row === null || trim((string) $row['pubpid']) === '') {
            return null;
        }
        $squad = (string) ($row['squad'] ?? '');
        if ($squad !== '' && !AclMain::aclCheckCore('squads', $squad)) {
            return null;
        }
        return trim((string) $row['pubpid']);
    }
}
