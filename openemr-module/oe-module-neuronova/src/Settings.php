<?php

/**
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace NeuroNova\OpenEMR;

use OpenEMR\Common\Database\QueryUtils;

/** What the settings page keeps, in a table of the module's own (table.sql). */
final class Settings
{
    private const LOOPBACK = '/^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/';

    /** Without a slash at its end; null until it is set. */
    public function serverAddress(): ?string
    {
        return $this->read('server-address');
    }

    /** `iss` of the tokens: OpenEMR's own address, as the sidecar's settings name it. */
    public function issuer(): ?string
    {
        return $this->read('issuer');
    }

    /** Whether tokens can be made that the sidecar may take. */
    public function complete(): bool
    {
        return $this->serverAddress() !== null && $this->issuer() !== null && (new SigningKeys($this))->exist();
    }

    /** @throws \InvalidArgumentException saying what is wrong, for the one who typed it */
    public function setServerAddress(string $address): void
    {
        $this->write('server-address', self::address($address, xl('Address of NeuroNova')));
    }

    /** @throws \InvalidArgumentException */
    public function setIssuer(string $address): void
    {
        $this->write('issuer', self::address($address, xl('Address of this OpenEMR')));
    }

    public function read(string $name): ?string
    {
        $rows = QueryUtils::fetchRecords('SELECT value FROM neuronova_setting WHERE name = ?', [$name], true);
        return isset($rows[0]) ? (string) $rows[0]['value'] : null;
    }

    /** Not written to OpenEMR's log of statements, as keys are among the values. */
    public function write(string $name, string $value): void
    {
        QueryUtils::sqlStatementThrowException(
            'REPLACE INTO neuronova_setting (name, value) VALUES (?, ?)',
            [$name, $value],
            true
        );
    }

    public function forget(string $name): void
    {
        QueryUtils::sqlStatementThrowException('DELETE FROM neuronova_setting WHERE name = ?', [$name], true);
    }

    /** https, or http on loopback: over an open network a token is anybody's. */
    private static function address(string $text, string $what): string
    {
        $address = rtrim(trim($text), '/');
        $parts = parse_url($address);
        $scheme = $parts['scheme'] ?? '';
        $host = $parts['host'] ?? '';
        $secure = $scheme === 'https' || ($scheme === 'http' && preg_match(self::LOOPBACK, $host) === 1);
        $plain = filter_var($address, FILTER_VALIDATE_URL) !== false
            && !isset($parts['user']) && !isset($parts['query']) && !isset($parts['fragment']);
        if (!$secure || !$plain) {
            throw new \InvalidArgumentException($what . ': ' . xl('must be an https address'));
        }
        return $address;
    }
}
