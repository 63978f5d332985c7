//! Hashes, message authentication codes, the keys of a handle, and comparison in constant time. Nothing
//! here knows a vendor.

pub mod constant_time;
pub mod hash;
pub mod keys;
pub mod mac;
pub mod md5;
