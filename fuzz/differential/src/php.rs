//! What PHP's parse_str() makes of a form; tests/trust/forms.sh asks PHP itself.

/// What PHP reads unless it is told otherwise: max_input_vars, max_input_nesting_level.
pub const FIELDS_MAX: usize = 1000;
const NESTING_MAX: usize = 64;

pub enum Value {
    Text(Vec<u8>),
    List(List),
}

/// PHP's array: in the order in which the keys first came.
#[derive(Default)]
pub struct List {
    entries: Vec<(Vec<u8>, Value)>,
    /// The key that [] gets; None where there is no higher one. Behind -5 it is -4.
    next: Option<i64>,
    has_number: bool,
}

impl List {
    pub fn get(&self, key: &[u8]) -> Option<&Value> {
        self.entries.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// The text of a key, unless there is a list.
    pub fn text(&self, key: &[u8]) -> Option<&[u8]> {
        match self.get(key)? {
            Value::Text(text) => Some(text),
            Value::List(_) => None,
        }
    }

    /// The value of a key, made where there is none; without a key, that of a new one.
    fn place(&mut self, key: Option<&[u8]>) -> Option<&mut Value> {
        let key = match key {
            Some(key) => key.to_vec(),
            None if self.has_number => self.next?.to_string().into_bytes(),
            None => b"0".to_vec(),
        };
        let at = self.entries.iter().position(|(known, _)| *known == key);
        let at = at.unwrap_or_else(|| {
            if let Some(number) = number(&key)
                && (!self.has_number || self.next.is_some_and(|next| number >= next))
            {
                self.next = number.checked_add(1);
                self.has_number = true;
            }
            self.entries.push((key, Value::Text(Vec::new())));
            self.entries.len() - 1
        });
        Some(&mut self.entries[at].1)
    }
}

/// A key that PHP takes for a number: written as it would write that number.
fn number(key: &[u8]) -> Option<i64> {
    let number: i64 = str::from_utf8(key).ok()?.parse().ok()?;
    (number.to_string().as_bytes() == key).then_some(number)
}

/// The fields of a form, decoded: all of them, in their order.
pub fn pairs(form: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let fields = form.split(|byte| *byte == b'&').filter(|field| !field.is_empty());
    fields
        .map(|field| {
            let equals = field.iter().position(|byte| *byte == b'=');
            let (name, value) = equals.map_or((field, &b""[..]), |at| (&field[..at], &field[at + 1..]));
            (decode(name), decode(value))
        })
        .collect()
}

/// As urldecode() does.
fn decode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let digits = text.get(at + 1..at + 3).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        match (text[at], digits) {
            (b'%', Some(digits)) => {
                out.push(u8::from_str_radix(str::from_utf8(digits).unwrap(), 16).unwrap());
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    out
}

/// A form must not hold a NUL that is not encoded: parse_str() stops there.
pub fn parse_str(form: &[u8]) -> List {
    let mut list = List::default();
    for (name, value) in pairs(form).into_iter().take(FIELDS_MAX) {
        register(&mut list, &name, value);
    }
    list
}

/// A name ends at a NUL and starts behind its spaces; what is no letter of a variable's name becomes _; behind it come keys.
fn register(list: &mut List, name: &[u8], value: Vec<u8>) {
    let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
    let spaces = name.iter().take_while(|byte| **byte == b' ').count();
    let name = &name[spaces..];
    let end = name.iter().position(|byte| *byte == b'[').unwrap_or(name.len());
    let mut variable = underscored(&name[..end], b" .");
    if variable.is_empty() {
        return;
    }
    let (mut keys, mut rest): (Vec<Option<&[u8]>>, _) = (Vec::new(), &name[end..]);
    while let Some(inside) = rest.strip_prefix(b"[") {
        if keys.len() == NESTING_MAX {
            list.entries.retain(|(known, _)| *known != variable);
            return;
        }
        // One white space in front of ] is no key either.
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
        let close = inside.iter().skip(1).position(|byte| *byte == b']').map(|at| at + 1);
        match (inside, close) {
            ([b']', behind @ ..], _) => {
                keys.push(None);
                rest = behind;
            }
            ([space, b']', behind @ ..], _) if is_space(space) => {
                keys.push(None);
                rest = behind;
            }
            (_, Some(close)) => {
                keys.push(Some(&inside[..close]));
                rest = &inside[close + 1..];
            }
            // Not a key: it belongs to the name, or to the last key.
            (_, None) => {
                if keys.is_empty() {
                    variable.push(b'_');
                    variable.extend(underscored(inside, b" .["));
                }
                break;
            }
        }
    }
    let mut place = list.place(Some(&variable));
    for key in keys {
        let Some(value) = place else { return };
        if !matches!(value, Value::List(_)) {
            *value = Value::List(List::default());
        }
        let Value::List(inner) = value else { return };
        place = inner.place(key);
    }
    if let Some(place) = place {
        *place = Value::Text(value);
    }
}

fn underscored(name: &[u8], what: &[u8]) -> Vec<u8> {
    name.iter().map(|byte| if what.contains(byte) { b'_' } else { *byte }).collect()
}
