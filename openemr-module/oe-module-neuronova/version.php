<?php

/**
 * Read by OpenEMR's module manager.
 *
 * @package NeuroNova
 * @license https://www.apache.org/licenses/LICENSE-2.0 Apache-2.0
 */

$v_major = '0';
$v_minor = '1';
$v_patch = '0';
$v_tag = '';
$v_database = 1;
