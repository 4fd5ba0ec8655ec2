<?php

/**
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace NeuroNova\OpenEMR\Test;

use PHPUnit\Framework\TestCase;

/** The session and its CSRF tokens, as three generations of OpenEMR want to be asked; each in a process of its own. */
final class OpenSessionTest extends TestCase
{
    private const FACTORY = <<<'PHP'
        namespace OpenEMR\Common\Session {
            class SessionWrapperFactory {
                public static function getInstance() { return new self(); }
                public function getActiveSession() {
                    return new class { public function all() { return ['pid' => 5, 'csrf_private_key' => 'k']; } };
                }
            }
        }
        PHP;

    /** @dataProvider generations */
    public function testAsksAsThisOpenEmrWants(string $signature, string $verify, string $factory, array $expected): void
    {
        $csrf = "namespace OpenEMR\\Common\\Csrf { class CsrfUtils {"
            . "public static function collectCsrfToken($signature) { return 'of ' . \$subject . (isset(\$session) ? ' in its object' : ''); }"
            . "public static function verifyCsrfToken($verify) { return \$token === 'of page' . (isset(\$session) ? ' in its object' : ''); }"
            . '} }';
        $file = var_export(dirname(__DIR__, 2) . '/oe-module-neuronova/src/OpenSession.php', true);
        $ask = "namespace { require $file; \$_SESSION = ['pid' => 7];"
            . '$s = NeuroNova\OpenEMR\OpenSession::class; $token = $s::csrfToken("page");'
            . 'echo json_encode([$s::values()["pid"], $token, $s::verifyCsrfToken($token, "page"), $s::verifyCsrfToken("else", "page")]); }';
        $program = tempnam(sys_get_temp_dir(), 'neuronova');
        file_put_contents($program, "<?php $factory $csrf $ask");
        $answer = shell_exec(escapeshellarg(PHP_BINARY) . ' ' . escapeshellarg($program));
        unlink($program);
        self::assertSame($expected, json_decode((string) $answer, true));
    }

    public static function generations(): array
    {
        return [
            'OpenEMR 7: no object' => [
                '$subject = "default"',
                '$token, $subject = "default"',
                '',
                [7, 'of page', true, false],
            ],
            'the subject, then the session' => [
                '$subject = "default", ?object $session = null',
                '$token, $subject = "default", ?object $session = null',
                '',
                [7, 'of page', true, false],
            ],
            'the session, then the subject' => [
                'object $session, string $subject = "default"',
                '$token, object $session, string $subject = "default"',
                self::FACTORY,
                [5, 'of page in its object', true, false],
            ],
        ];
    }
}
