//! The shape of the lists that build.rs prints every face from: a row is a name, a number and a text.

/// An enum whose members have a number and a text each, all in one row.
#[doc(hidden)]
#[macro_export]
macro_rules! numbered {
    ($(#[$doc:meta])* pub enum $list:ident { $($name:ident = $number:literal, $text:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(i32)]
        pub enum $list {
            $(#[doc = $text] $name = $number,)*
        }

        impl $list {
            /// Every member, in the order of the rows.
            pub const ALL: &[$list] = &[$($list::$name),*];

            /// The member's name, in `CamelCase`.
            pub const fn name(self) -> &'static str {
                match self {
                    $($list::$name => stringify!($name),)*
                }
            }

            /// One sentence that says what was wrong, and one what to do. Neither has anything
            /// that was passed in.
            pub const fn text(self) -> &'static core::ffi::CStr {
                match self {
                    $($list::$name => {
                        const TEXT: &core::ffi::CStr =
                            match core::ffi::CStr::from_bytes_with_nul(concat!($text, "\0").as_bytes()) {
                                Ok(text) => text,
                                Err(_) => c"",
                            };
                        TEXT
                    })*
                }
            }
        }
    };
}
