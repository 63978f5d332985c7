// Every call of tests/vectors, made by the WebAssembly module in node. The functions are those of the header, and the columns of a call
// are its parameters in order: no vendor is named here. Usage: node wasm.mjs apisig.wasm
import { readFileSync, readdirSync } from 'node:fs';

const OUT_SIZE = 1 << 16;
const header = readFileSync('include/apisig.h', 'utf8').replace(/\/\*[^]*?\*\//g, '');
const functions = new Map();
for (const [, result, name, parameters] of header.matchAll(/^(?:APISIG_MUST_USE\s+)?([\w ]+?[ *]+)(apisig_\w+)\(([^)]*)\);/gm)) {
  const kinds = parameters.split(',').map((one) => one.trim().replace(/\w+$/, '').trim()).filter((kind) => kind !== '');
  functions.set(name, { result: result.trim(), kinds });
}
const names = new Map([...header.matchAll(/APISIG_(?:MISTAKE_)?(\w+) = (-?\d+)/g)].map(([, name, number]) => [Number(number), name]));
const statuses = new Set([...names].filter(([number]) => number < 0).map(([, name]) => name));

let randomBytes = 0;
const random = (at, count) => {
  crypto.getRandomValues(new Uint8Array(memory.buffer, at, count));
  randomBytes += count;
};
const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), { apisig: { random } });
const { memory, malloc, free, ...exported } = instance.exports;
const bytesAt = (at, count) => Buffer.from(memory.buffer, at, count);
const textAt = (at) => Buffer.from(memory.buffer).subarray(at, Buffer.from(memory.buffer).indexOf(0, at));

let passed = 0;
let failed = 0;
const check = (isRight, ...about) => {
  if (isRight) passed++;
  else { failed++; console.log('not so:', ...about.map((one) => String(one).slice(0, 150))); }
};

const unescape = (field) => Buffer.from(
  field.replace(/\\(x[0-9a-f]{2}|.)/gi, (_, one) => ({ n: '\n', r: '\r', t: '\t', '\\': '\\' })[one] ?? String.fromCharCode(parseInt(one.slice(1), 16))),
  'latin1',
);

// What a call was given, and is given back behind it.
let given = [];
const take = (size) => { const at = malloc(size); given.push(at); return at; };
const put = (bytes) => { const at = take(bytes.length + 1); bytesAt(at, bytes.length).set(bytes); return [at, bytes.length]; };

// A handle of the secrets in a field, each behind a "|"; or why there is none.
const handleOf = (vendor, field) => {
  const why = take(4);
  let handle = 0;
  for (const secret of field.split('|').map(unescape)) {
    if (handle === 0) handle = exported[`apisig_${vendor}_new`](...put(secret), why);
    else exported[`apisig_${vendor}_add_secret`](handle, ...put(secret), why);
    const refused = new DataView(memory.buffer).getInt32(why, true);
    if (refused !== 0) { exported[`apisig_${vendor}_free`](handle); return { refused }; }
  }
  return { handle };
};

// What a function returns and writes.
const answer = (vendor, name, columns) => {
  const { kinds } = functions.get(name);
  const left = [...columns];
  const words = [];
  let len = 0;
  let out = 0;
  let handle = 0;
  for (const kind of kinds) {
    if (kind === 'size_t') words.push(len);
    else if (kind === 'const char *') { const [at, count] = put(unescape(left.shift())); words.push(at); len = count; }
    else if (kind === 'int64_t') words.push(BigInt(left.shift()));
    else if (kind === 'int32_t' || kind === 'bool') words.push(Number(left.shift()));
    else if (kind.startsWith('const ')) {
      const made = handleOf(vendor, left.shift());
      if (made.refused !== undefined) return made;
      words.push(handle = made.handle);
    } else { words.push(out = take(OUT_SIZE)); bytesAt(out, OUT_SIZE).fill(0); len = kind === 'int64_t *' ? OUT_SIZE / 8 : OUT_SIZE; }
  }
  const number = Number(exported[name](...words));
  if (handle !== 0) exported[`apisig_${vendor}_free`](handle);
  return { number, out, beyond: left };
};

const isNamed = (number, expected) => names.get(number) === expected;

// The last columns are fields of the record; the result is the last field or the number.
const isRecorded = (out, number, beyond, expected) => {
  const fields = bytesAt(out, 2048).toString('latin1').split('\0');
  const texts = beyond.map((column) => unescape(column).toString('latin1'));
  if (String(number) !== expected) texts.push(expected);
  return texts.length > 0 && texts.every((text) => fields.includes(text));
};

const isAnswered = (vendor, verb, columns, expected) => {
  const name = `apisig_${vendor}_${verb}`;
  const { result, kinds } = functions.get(name);
  const { refused, number, out, beyond } = answer(vendor, name, columns);
  if (refused !== undefined) return isNamed(refused, expected);
  if (result === 'const char *') return number === 0 ? statuses.has(expected) : textAt(number).toString('latin1') === expected;
  if (number < 0) return isNamed(number, expected);
  if (kinds.includes('int64_t *')) {
    const view = new DataView(memory.buffer, out);
    return Array.from({ length: number }, (_, at) => view.getBigInt64(8 * at, true)).join(' ') === expected;
  }
  if (result === 'ptrdiff_t') return bytesAt(out, number).toString('latin1') === expected;
  if (kinds.at(-1).startsWith('apisig_')) return isRecorded(out, number, beyond, expected);
  return String(number) === expected || isNamed(number, expected);
};

// What is verified is checked too; of what has a user, the index by itself.
const isRight = (vendor, verb, columns, expected) => {
  if (!verb.startsWith('verify')) return isAnswered(vendor, verb, columns, expected);
  const what = verb.slice('verify'.length);
  const isRight = expected.length === 1;
  const byIndex = functions.has(`apisig_${vendor}_check_secret${what}`) ? `check_secret${what}` : `check${what}`;
  const verified = answer(vendor, `apisig_${vendor}_${verb}`, columns);
  return (verified.number ?? 0) === Number(isRight) && isAnswered(vendor, byIndex, columns, expected);
};

check([...functions.keys()].every((name) => name in exported), 'every function is exported');
for (const file of readdirSync('tests/vectors').filter((name) => name.endsWith('.tsv'))) {
  const vendor = file.slice(0, -4);
  const rows = readFileSync(`tests/vectors/${file}`, 'latin1').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  check(rows.length >= 20, vendor, 'has rows');
  for (const line of rows) {
    const [verb, ...columns] = line.split('\t');
    check(isRight(vendor, verb, columns, unescape(columns.pop()).toString('latin1')), vendor, line);
    given.forEach(free);
    given = [];
  }
}
const salts = new Set(Array.from({ length: 5 }, () => textAt(exported.apisig_kayako_salt(take(64), 64)).toString()));
check(salts.size === 5 && randomBytes >= 80, 'salts are random');
// What is freed is given out again, and nothing that is in use.
const [one, two] = [malloc(100), malloc(100)];
free(one);
check(malloc(100) === one && malloc(100) !== two && malloc(0xffffffff) === 0, 'memory');
console.log(`figure: ${memory.buffer.byteLength / 1024} KB of memory`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
