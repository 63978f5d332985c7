<?php

// Reads the lines that the target php_readings printed, a form in hex and what it is for parse_str(), and asks PHP. Prints each
// form that PHP reads in another way, and how many there were.

function dump(array $list): string
{
    $line = '';
    foreach ($list as $key => $value) {
        $line .= bin2hex((string) $key) . '=' . (is_array($value) ? '{' . dump($value) . '}' : bin2hex($value)) . ';';
    }
    return $line;
}

$forms = $others = 0;
while (($line = fgets(STDIN)) !== false) {
    [$form, $ours] = explode("\t", rtrim($line, "\n"));
    $form = hex2bin($form);
    @parse_str($form, $read);
    $forms++;
    if (dump($read) !== $ours) {
        $others++;
        echo json_encode($form, JSON_INVALID_UTF8_SUBSTITUTE), "\n    PHP:  ", dump($read), "\n    ours: $ours\n";
    }
}
echo "figure: $forms forms read as PHP reads them, $others not\n";
exit($forms > 0 && $others === 0 ? 0 : 1);
