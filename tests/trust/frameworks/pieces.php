<?php

/**
 * Writes the pieces of a document that are marked as tested into a folder: php pieces.php DOCUMENT FOLDER
 */

declare(strict_types=1);

[, $document, $folder] = $argv;
preg_match_all('/^`([^`\n]+)` \(tested\)\n\n```(\w+)\n(.*?)^```$/ms', file_get_contents($document), $pieces, PREG_SET_ORDER);
foreach ($pieces as [, $file, $language, $code]) {
    @mkdir(dirname("$folder/$file"), 0777, true);
    file_put_contents("$folder/$file", $language === 'php' ? "<?php\n\n$code" : $code);
}
exit($pieces === [] ? 1 : 0);
