//! A token's base64 in every spelling that is in use: either alphabet, padded or not. For diagnoses and
//! explanations: a check reads the right one alone.
use crate::Mistake;
use apisig_core::text::{Sink, Text};

/// Parts of a token, their dots between them, in another spelling than they may have.
#[derive(Clone, Copy)]
pub struct Spelled<'a> {
    pub parts: &'a [u8],
    /// With `+` and `/` instead of `-` and `_`.
    pub is_plain: bool,
    pub is_padded: bool,
}

impl<'a> Spelled<'a> {
    /// As a token has them.
    pub fn rightly(parts: &'a [u8]) -> Self {
        Spelled { parts, is_plain: false, is_padded: false }
    }

    /// A space was a `+` before somebody decoded it as a form.
    fn character(&self, character: u8) -> u8 {
        match character {
            b'+' | b'-' | b' ' if self.is_plain => b'+',
            b'/' | b'_' if self.is_plain => b'/',
            b'+' | b' ' => b'-',
            b'/' => b'_',
            _ => character,
        }
    }
}

impl Text for Spelled<'_> {
    fn write(&self, sink: &mut impl Sink) {
        let mut dot: &[u8] = b"";
        for part in self.parts.split(|byte| *byte == b'.') {
            sink.push(dot);
            let part = unpadded(part);
            part.iter().for_each(|character| sink.push(&[self.character(*character)]));
            sink.push(match part.len() % 4 {
                2 if self.is_padded => b"==",
                3 if self.is_padded => b"=",
                _ => b"",
            });
            dot = b".";
        }
    }
}

fn unpadded(mut part: &[u8]) -> &[u8] {
    while let [start @ .., b'='] = part {
        part = start;
    }
    part
}

/// What is wrong with a token's spelling by the look of it.
pub fn misspelling(token: &[u8]) -> Option<Mistake> {
    if token.iter().any(|byte| matches!(byte, b'+' | b'/' | b' ')) {
        return Some(Mistake::TokenAlphabet);
    }
    token.contains(&b'=').then_some(Mistake::TokenPadding)
}
