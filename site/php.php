<?php

/**
 * Writes a page for each class of the PHP package: its code is read by PHP-Parser, and never run, so that no framework
 * needs to be there; its comments by PHPStan's parser, which refuses a type that it cannot read.
 * Usage: php.php FOLDER FILE...
 */

declare(strict_types=1);

namespace Apisig\Site;

use PhpParser\NameContext;
use PhpParser\Node;
use PhpParser\Node\Stmt\ClassLike;
use PhpParser\Node\Stmt\ClassMethod;
use PhpParser\NodeTraverser;
use PhpParser\NodeVisitor\NameResolver;
use PhpParser\Parser;
use PhpParser\ParserFactory;
use PhpParser\PrettyPrinter\Standard;
use PHPStan\PhpDocParser\Ast\PhpDoc\InvalidTagValueNode;
use PHPStan\PhpDocParser\Ast\PhpDoc\ParamTagValueNode;
use PHPStan\PhpDocParser\Ast\PhpDoc\PhpDocNode;
use PHPStan\PhpDocParser\Ast\PhpDoc\PhpDocTagNode;
use PHPStan\PhpDocParser\Ast\PhpDoc\PhpDocTextNode;
use PHPStan\PhpDocParser\Ast\PhpDoc\ReturnTagValueNode;
use PHPStan\PhpDocParser\Ast\PhpDoc\ThrowsTagValueNode;
use PHPStan\PhpDocParser\Ast\PhpDoc\VarTagValueNode;
use PHPStan\PhpDocParser\Lexer\Lexer;
use PHPStan\PhpDocParser\Parser\ConstExprParser;
use PHPStan\PhpDocParser\Parser\PhpDocParser;
use PHPStan\PhpDocParser\Parser\TokenIterator;
use PHPStan\PhpDocParser\Parser\TypeParser;
use PHPStan\PhpDocParser\ParserConfig;

require 'PhpParser/autoload.php';
require 'PHPStan/PhpDocParser/autoload.php';

final class Pages
{
    private readonly Parser $parser;
    private readonly Standard $printer;
    private NameContext $names;

    /** @var array<string, array{ClassLike, NameContext}> the classes that are not internal, by name */
    private array $classes = [];

    public function __construct()
    {
        $factory = new ParserFactory();
        $this->parser = \method_exists($factory, 'createForHostVersion')
            ? $factory->createForHostVersion()
            : $factory->create(ParserFactory::ONLY_PHP7); // Debian 12
        $this->printer = new Standard(['shortArraySyntax' => true]);
    }

    public function read(string $file): void
    {
        $resolver = new NameResolver(null, ['replaceNodes' => false]);
        $traverser = new NodeTraverser();
        $traverser->addVisitor($resolver);
        $nodes = $traverser->traverse($this->parser->parse(\file_get_contents($file)) ?? []);
        foreach ($nodes as $space) {
            foreach ($space instanceof Node\Stmt\Namespace_ ? $space->stmts : [] as $class) {
                if ($class instanceof ClassLike && !self::internal($class)) {
                    $this->classes[$class->namespacedName->toString()] = [$class, $resolver->getNameContext()];
                }
            }
        }
    }

    public function write(string $folder): void
    {
        foreach ($this->classes as $name => [$class, $this->names]) {
            $file = $folder . '/' . self::file($name);
            if (!\is_dir(\dirname($file))) {
                \mkdir(\dirname($file), 0777, true);
            }
            \file_put_contents($file, $this->page($name, $class));
        }
    }

    /** Apisig\Psr\Signer is on the page Psr/Signer. */
    private static function file(string $name): string
    {
        return \str_replace('\\', '/', \substr($name, \strlen('Apisig\\'))) . '.md';
    }

    private static function anchor(string $name): string
    {
        return \str_replace('\\', '.', $name);
    }

    private static function internal(Node $node): bool
    {
        return \str_contains((string) $node->getDocComment(), '@internal');
    }

    private function page(string $name, ClassLike $class): string
    {
        $text = "# $name {#" . self::anchor($name) . "}\n\n" . $this->code($class) . $this->description($class);
        foreach ($class->stmts as $member) {
            $text .= match (true) {
                self::internal($member), !$member instanceof Node\Stmt\EnumCase && !self::isPublic($member) => '',
                $member instanceof ClassMethod => $this->member($member->name . '()', $member),
                $member instanceof Node\Stmt\EnumCase => $this->member((string) $member->name, $member),
                $member instanceof Node\Stmt\ClassConst => $this->member((string) $member->consts[0]->name, $member),
                default => $this->member('$' . $member->props[0]->name, $member),
            };
        }
        return $text;
    }

    private static function isPublic(Node $member): bool
    {
        return !$member instanceof Node\Stmt\TraitUse && $member->isPublic();
    }

    private function member(string $name, Node $member): string
    {
        return "## $name\n\n" . $this->code($member) . $this->description($member);
    }

    /** Returns the declaration, without a body and what is in it. */
    private function code(Node $declared): string
    {
        $bare = clone $declared;
        $bare->setAttribute('comments', []);
        if ($bare instanceof ClassLike) {
            $bare->stmts = [];
        } elseif ($bare instanceof ClassMethod) {
            $bare->stmts = null;
            $bare->params = \array_map(self::withoutAttributes(...), $bare->params);
        }
        $code = $this->printer->prettyPrint([$bare]);
        if ($bare instanceof ClassMethod && \strlen($code) > 90) {
            $code = \preg_replace('/\((.*)\)/', "(\n    " . $this->arguments($bare) . "\n)", $code, 1);
        }
        $code = \preg_replace(['/\s*\{\s*\}$/', '/;$/', '/(\)|\benum \w+) : /'], ['', '', '$1: '], $code);
        return "```php-inline\n$code\n```\n\n";
    }

    private static function withoutAttributes(Node\Param $parameter): Node\Param
    {
        $bare = clone $parameter;
        $bare->attrGroups = [];
        return $bare;
    }

    private function arguments(ClassMethod $method): string
    {
        $each = \array_map(fn ($one) => $this->printer->prettyPrint([$one]), $method->params);
        return \str_replace('$', '\$', \implode(",\n    ", $each));
    }

    private function description(Node $node): string
    {
        if ($node->getDocComment() === null) {
            return '';
        }
        $comment = self::parsed($node->getDocComment()->getText());
        $texts = $lines = [];
        foreach ($comment->children as $child) {
            if ($child instanceof PhpDocTextNode) {
                $texts[] = self::escaped($child->text);
            } elseif ($child instanceof PhpDocTagNode && !\in_array($child->name, ['@final', '@internal'], true)) {
                $lines[] = '- ' . $this->tag($child);
            }
        }
        return \implode("\n", $texts) . "\n\n" . \implode("\n", $lines) . "\n\n";
    }

    private static function parsed(string $comment): PhpDocNode
    {
        $config = \class_exists(ParserConfig::class) ? [new ParserConfig([])] : []; // not in Debian 12
        $constants = new ConstExprParser(...$config);
        $parser = new PhpDocParser(...[...$config, new TypeParser(...[...$config, $constants]), $constants]);
        return $parser->parse(new TokenIterator((new Lexer(...$config))->tokenize($comment)));
    }

    private function tag(PhpDocTagNode $tag): string
    {
        $value = $tag->value;
        $text = self::escaped(\preg_replace('/\s*\n\s*/', ' ', $value->description ?? ''));
        return \rtrim(match (true) {
            $value instanceof ParamTagValueNode => "`$value->parameterName` (`$value->type`): $text",
            $value instanceof ReturnTagValueNode => "Returns `$value->type`: $text",
            $value instanceof VarTagValueNode => "`$value->type`: $text",
            $value instanceof ThrowsTagValueNode => 'Throws ' . $this->link((string) $value->type) . " $text",
            $value instanceof InvalidTagValueNode => throw $value->exception,
            default => "$tag->name $value",
        }, ' :');
    }

    private function link(string $type): string
    {
        $name = $this->names->getResolvedClassName(new Node\Name($type))->toString();
        return isset($this->classes[$name]) ? "[`$type`][" . self::anchor($name) . ']' : "`$type`";
    }

    /** A comment is plain text: only indented lines and what is between back quotes is Markdown. */
    private static function escaped(string $text): string
    {
        return \preg_replace_callback(
            '/(^ {4}.*|`[^`]*`)|[\\\\*_<>\[\]]/m',
            fn ($found) => isset($found[1]) ? $found[0] : '\\' . $found[0],
            \preg_replace('/^ *\* /m', '', $text) // Some versions leave it within quotes.
        );
    }
}

$pages = new Pages();
foreach (\array_slice($argv, 2) as $file) {
    $pages->read($file);
}
$pages->write($argv[1]);
