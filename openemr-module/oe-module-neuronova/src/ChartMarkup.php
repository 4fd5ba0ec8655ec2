<?php

/**
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

declare(strict_types=1);

namespace NeuroNova\OpenEMR;

/** What is written into a page: elements and script tags, nothing inline, so that a strict CSP lets it be. */
final class ChartMarkup
{
    /**
     * @param string $publicPath    path of the module's `public`, without a slash at its end
     * @param string $serverAddress of NeuroNova
     */
    public function __construct(private readonly string $publicPath, private readonly string $serverAddress)
    {
    }

    public function card(int $pid, string $csrfToken): string
    {
        return '<section class="card mb-2 neuronova-card">'
            . '<div class="card-body p-1"><h6 class="card-title mb-0 d-flex p-1">'
            . '<a href="' . attr($this->publicPath . '/chart.php') . '">' . text(xl('Imaging')) . '</a></h6>'
            . $this->chart($pid, $csrfToken, '<neuronova-study-list></neuronova-study-list>')
            . '</div></section>';
    }

    public function page(int $pid, string $csrfToken): string
    {
        return $this->chart(
            $pid,
            $csrfToken,
            '<neuronova-study-list></neuronova-study-list><div class="neuronova-viewer" hidden></div>'
        );
    }

    /** The script waits for the elements, so it comes before them or after. */
    private function chart(int $pid, string $csrfToken, string $content): string
    {
        return '<meta name="neuronova-server" content="' . attr($this->serverAddress) . '">'
            . '<link rel="stylesheet" href="' . attr($this->publicPath . '/chart.css') . '">'
            . '<div class="neuronova-chart" data-pid="' . $pid . '"'
            . ' data-csrf="' . attr($csrfToken) . '"'
            . ' data-token="' . attr($this->publicPath . '/token.php') . '"'
            . ' data-page="' . attr($this->publicPath . '/chart.php') . '">'
            . '<p class="neuronova-problem" role="alert" hidden></p>'
            . $content
            . '</div>'
            . '<script type="module" src="' . attr($this->publicPath . '/chart.js') . '"></script>';
    }
}
