//! Kolmisoft MOR API: the values that were perhaps hashed for a request.
use super::CHOICE;
use crate::Mistake;
use crate::attempt::numbers;
use crate::engine::Mistakes;
use crate::page::{Page, Visible};
use crate::report::{Hint, NAMES_MAX, Report};
use crate::twist::{Spelt, Twist};
use apisig_core::Error;
use apisig_core::mor::request::Request;
use apisig_core::text::form::{Encoded, Field, fields};
use apisig_core::text::{Line, Sink, Text, len};

/// Values, and how they are joined.
#[derive(Clone, Copy)]
pub struct Values<'a> {
    /// What stands in front of the first one.
    pub start: &'a [u8],
    pub source: Source<'a>,
    /// What stands behind each name, where names are hashed too.
    pub behind_name: Option<&'static str>,
    /// None: as they stand in the form.
    pub twist: Option<Twist<'static>>,
    /// What stands between two fields.
    pub between: &'static str,
    /// What stands behind the last one.
    pub end: &'a [u8],
}

/// The fields that are hashed, in their order.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    /// All of a form, as [`sent`].
    Form(&'a [u8]),
    /// What a method hashes.
    Request(&'a Request<'a>),
    /// Likewise, of values that are taken as they were sent and not as the server reads them.
    Untyped(&'a Request<'a>),
    Listed(&'a List<'a>, Order),
}

impl<'a> Source<'a> {
    /// With the values that add nothing, and each as it was sent.
    pub fn untyped(self) -> Self {
        match self {
            Source::Request(request) => Source::Untyped(request),
            _ => self,
        }
    }

    /// Whether a field of this name has a value.
    pub fn has(self, name: Encoded) -> bool {
        let mut has = false;
        self.each(&mut |field| has |= has_value(&field) && field.name.bytes().eq(name.bytes()));
        has
    }

    #[inline(never)]
    pub fn each(self, take: &mut dyn FnMut(Field<'a>)) {
        match self {
            Source::Form(form) => sent(form).for_each(take),
            Source::Request(request) => request.each_hashed(take),
            Source::Untyped(request) => request.each_sent(&mut |parameter, value| {
                take(Field { name: Encoded::new(parameter.0), value });
            }),
            Source::Listed(list, order) => {
                order
                    .as_bytes()
                    .iter()
                    .filter_map(|at| list.fields.get(usize::from(*at)))
                    .copied()
                    .for_each(take);
            }
        }
    }
}

impl<'a> Values<'a> {
    /// The right ones.
    pub fn right(source: Source<'a>) -> Self {
        Values { start: b"", source, behind_name: None, twist: Some(Twist::Plain), between: "", end: b"" }
    }

    pub fn write_to(&self, sink: &mut Page) {
        let mut before = "";
        self.start.write(sink);
        self.source.each(&mut |field| {
            before.write(sink);
            before = self.between;
            if let Some(behind_name) = self.behind_name {
                (field.name, behind_name).write(sink);
            }
            self.write_value(field.value, sink);
        });
        self.end.write(sink);
    }

    fn write_value(&self, value: Encoded, sink: &mut Page) {
        match self.twist {
            None => sink.push(value.as_sent()),
            Some(Twist::Plain) => value.write(sink),
            Some(twist) => write_twisted(value, twist, sink),
        }
    }
}

/// The longest value that is written otherwise.
const VALUE_MAX: usize = 1024;

#[inline(never)]
fn write_twisted(value: Encoded, twist: Twist, sink: &mut Page) {
    match value.decoded(&mut [0; VALUE_MAX]) {
        Some(text) => Spelt { text, twist }.write_to(sink),
        None => value.write(sink),
    }
}

/// The fields of a form but for `hash`.
pub fn sent(form: &[u8]) -> impl Iterator<Item = Field<'_>> + Clone {
    fields(form).filter(|field| !field.name.is("hash"))
}

/// Whether it adds something.
pub fn has_value(field: &Field) -> bool {
    field.value.bytes().next().is_some()
}

/// The names of the values that only the first one has, as far as they fit.
#[inline(never)]
fn names<'a>(of: Source<'a>, other: Source<'a>) -> Line<NAMES_MAX> {
    let (mut line, mut is_full) = (Line::default(), false);
    of.each(&mut |field| {
        let between = if line.as_bytes().is_empty() { "" } else { ", " };
        let named = (between, Visible(field.name));
        if !is_full && has_value(&field) && !other.has(field.name) {
            is_full = line.as_bytes().len() + len(&named) + ", ...".len() > NAMES_MAX;
            if is_full { (between, "...").write(&mut line) } else { named.write(&mut line) }
        }
    });
    line
}

/// The most hashed values, and the most others, that are tried in other choices and orders.
pub const LIST_MAX: usize = 32;

/// The longest name in a list, as it was sent: names are compared with one another.
const NAME_MAX: usize = 64;

/// The right values without those that add nothing, and behind them what else was sent.
pub struct List<'a> {
    fields: [Field<'a>; 2 * LIST_MAX],
    pub right: usize,
    pub len: usize,
    /// The right ones in the order of the form, and of their names; and all in that of their names.
    pub as_sent: Order,
    pub sorted: Order,
    pub all_sorted: Order,
}

impl<'a> List<'a> {
    /// None if the right ones are too many, or one has too long a name.
    pub fn new(source: Source<'a>, form: &'a [u8]) -> Option<Self> {
        let (fields, none) = ([Field::default(); 2 * LIST_MAX], Order::default());
        let mut list = List { fields, right: 0, len: 0, as_sent: none, sorted: none, all_sorted: none };
        let (mut is_short, has_short_name) = (true, |field: &Field| field.name.as_sent().len() <= NAME_MAX);
        source.each(&mut |field| {
            is_short &= has_short_name(&field);
            if has_value(&field) && is_short {
                list.push(field);
            }
        });
        list.right = list.len;
        for other in sent(form).filter(has_value).filter(has_short_name) {
            let right = list.position(other.name).filter(|at| *at < list.right);
            if right.is_none() && list.len < list.right + LIST_MAX {
                list.push(other);
            }
            if let Some(at) = right {
                list.as_sent.push(&[at as u8]);
            }
        }
        (list.sorted, list.all_sorted) = (list.sort(list.right), list.sort(list.len));
        (list.right <= LIST_MAX && is_short).then_some(list)
    }

    /// What a choice of values differs in: what is missing, what is there too, and the order.
    #[inline(never)]
    pub fn report(&self, found: Mistakes, hashed: Source<'a>, has_method: bool) -> Report {
        let right = Source::Listed(self, numbers(0..self.right));
        let (missing, extra) = (names(right, hashed), names(hashed, right));
        let (mut is_ordered, mut is_typed, mut last) = (true, true, 0);
        hashed.each(&mut |field| {
            let at = self.position(field.name).filter(|at| *at < self.right);
            if let Some((at, right)) = at.and_then(|at| Some((at, self.fields.get(at)?))) {
                is_ordered &= at >= last;
                is_typed &= right.value.bytes().eq(field.value.bytes());
                last = at;
            }
        });
        let is_account =
            |names: &Line<NAMES_MAX>| matches!(names.as_bytes(), b"u" | b"p" | b"u, p" | b"p, u");
        let (is_missing, is_extra) = (missing.as_bytes() != b"", extra.as_bytes() != b"");
        if !has_method && is_ordered && is_typed && !is_extra && is_account(&missing) {
            let other = found.into_iter().flatten().find(|mistake| *mistake != CHOICE);
            let behind = ", as they are for most methods. Which one this is for was not given.";
            let right = Hint("The values are right without ", missing, behind);
            return Report::from(other.map_or(Err(Error::Mismatch), |other| Ok([Some(other), None])))
                .detail(true, right);
        }
        let choice = [
            is_extra.then_some(Mistake::ValueExtra),
            is_missing.then_some(Mistake::ValueMissing),
            (!is_ordered).then_some(Mistake::ValueOrder),
            (!is_typed).then_some(Mistake::ValueType),
        ];
        let told = |mistake| if mistake == CHOICE { choice } else { [Some(mistake), None, None, None] };
        let mut told = found.into_iter().flatten().flat_map(told).flatten();
        let in_order = names(right, Source::Listed(self, Order::default()));
        Report::from(Ok([told.next(), told.next()]))
            .detail(is_extra, Hint("Leave out: ", extra, "."))
            .detail(is_missing, Hint("Add: ", missing, "."))
            .detail(!is_ordered, Hint("The order is: ", in_order, "."))
    }

    #[inline(never)]
    fn push(&mut self, field: Field<'a>) {
        if let Some(place) = self.fields.get_mut(self.len) {
            *place = field;
            self.len += 1;
        }
    }

    /// Where the first field of this name is.
    pub fn position(&self, name: Encoded) -> Option<usize> {
        self.fields.iter().take(self.len).position(|field| field.name.bytes().eq(name.bytes()))
    }

    /// The first ones in the order of their names.
    #[inline(never)]
    fn sort(&self, len: usize) -> Order {
        let mut sorted = [0; 2 * LIST_MAX];
        let fields = || self.fields.iter().take(len).enumerate();
        for (at, field) in fields() {
            let is_before =
                |other: &Field, than| other.name.bytes().cmp(field.name.bytes()).then(than).is_lt();
            let rank = fields().filter(|(it, other)| is_before(other, it.cmp(&at))).count();
            if let Some(place) = sorted.get_mut(rank) {
                *place = at;
            }
        }
        numbers(sorted.into_iter().take(len))
    }
}

/// Fields of a list, by their numbers.
pub type Order = Line<{ 2 * LIST_MAX }>;
