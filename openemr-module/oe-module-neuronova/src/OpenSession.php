<?php

/**
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace NeuroNova\OpenEMR;

use OpenEMR\Common\Csrf\CsrfUtils;

/**
 * The session of whoever is logged in, and its CSRF tokens. OpenEMR 7 keeps the session in `$_SESSION`; later ones have
 * an object for it, which their CSRF tokens ask for: first after the subject, then before it.
 */
final class OpenSession
{
    private const FACTORY = 'OpenEMR\\Common\\Session\\SessionWrapperFactory';

    /** @return array<string, mixed> */
    public static function values(): array
    {
        $session = self::object();
        return $session === null ? $_SESSION : $session->all();
    }

    public static function csrfToken(string $subject): string
    {
        $given = self::inTheirOrder('collectCsrfToken', ['subject' => $subject]);
        return (string) CsrfUtils::collectCsrfToken(...$given);
    }

    public static function verifyCsrfToken(string $token, string $subject): bool
    {
        $given = self::inTheirOrder('verifyCsrfToken', ['token' => $token, 'subject' => $subject]);
        return (bool) CsrfUtils::verifyCsrfToken(...$given);
    }

    /**
     * What is given, in the order in which this OpenEMR names its parameters.
     *
     * @param array<string, string> $given
     * @return list<mixed>
     */
    private static function inTheirOrder(string $method, array $given): array
    {
        $arguments = [];
        foreach ((new \ReflectionMethod(CsrfUtils::class, $method))->getParameters() as $parameter) {
            $name = $parameter->getName();
            $arguments[] = $name === 'session' ? self::object() : $given[$name];
        }
        return $arguments;
    }

    /** @return \Symfony\Component\HttpFoundation\Session\SessionInterface|null null where `$_SESSION` is the session */
    private static function object(): ?object
    {
        if (!method_exists(self::FACTORY, 'getActiveSession')) {
            return null;
        }
        return self::FACTORY::getInstance()->getActiveSession();
    }
}
