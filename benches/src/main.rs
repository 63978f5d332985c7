//! The shared library beside the bare compressions that a signature needs, its floor, and beside jsonwebtoken; round by
//! round in turn. Prints a row for each: name, against, ratios (median, least, greatest), nanoseconds of both.
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use libloading::Library;
use std::ffi::{CStr, c_char, c_void};
use std::hint::black_box;
use std::sync::Barrier;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const ROUNDS: usize = 61;
const SECRET: &[u8] = b"fb50586ff7b68cd831fe0ef356345903f644c0d2";
const PATH: &[u8] = b"/v2/origin/custom/f62a0162-46a7-430e-b06c-0ef798d56b21/connect";

type New = unsafe extern "C" fn(*const c_char, usize, *mut i32) -> *mut c_void;
type Sign = unsafe extern "C" fn(*const c_void, *const c_char, usize, *mut c_char, usize) -> *const c_char;
type SignToken = unsafe extern "C" fn(*const c_void, i64, i64, *mut c_char, usize) -> *const c_char;
type Check = unsafe extern "C" fn(*const c_void, *const c_char, usize, *const c_char, usize) -> i32;
type CheckToken = unsafe extern "C" fn(*const c_void, *const c_char, usize, i64, i64) -> i64;
type SignRequest = unsafe extern "C" fn(
    *const c_void,
    *const c_char,
    usize,
    *const c_char,
    usize,
    *const c_char,
    usize,
    i64,
    *mut [u8; 123],
) -> i32;

#[derive(serde::Serialize, serde::Deserialize)]
struct Claims {
    exp: i64,
    user_id: i64,
}

struct Abi(Library);

impl Abi {
    fn function<T: Copy>(&self, name: &str) -> T {
        // SAFETY: the types above are those of include/apisig.h.
        unsafe { *self.0.get::<T>(name.as_bytes()).expect(name) }
    }

    fn handle(&self, vendor: &str) -> *mut c_void {
        let new: New = self.function(&format!("apisig_{vendor}_new"));
        // SAFETY: a string and its length.
        unsafe { new(SECRET.as_ptr().cast(), SECRET.len(), std::ptr::null_mut()) }
    }
}

fn nanoseconds(call: &mut dyn FnMut(), times: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..times {
        call();
    }
    start.elapsed().as_nanos() as f64 / f64::from(times)
}

/// The ratio of `ours` to `floor`, or of `theirs` to `ours`: what is said to be bigger comes first.
fn compare(name: &str, against: &str, mut over: impl FnMut(), mut under: impl FnMut(), ours_is_over: bool) {
    let times = (500_000.0 / nanoseconds(&mut over, 200)).max(5.0) as u32;
    let mut rounds: Vec<_> = (0..ROUNDS)
        .map(|_| {
            let (over, under) = (nanoseconds(&mut over, times), nanoseconds(&mut under, times));
            (over / under, over, under)
        })
        .collect();
    rounds.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (ratio, over, under) = rounds[ROUNDS / 2];
    let (ours, theirs) = if ours_is_over { (over, under) } else { (under, over) };
    let (least, greatest) = (rounds[0].0, rounds[ROUNDS - 1].0);
    println!("{name}\t{against}\t{ratio:.2}\t{least:.2}\t{greatest:.2}\t{ours:.0}\t{theirs:.0}");
}

/// So many blocks of MD5, then so many of SHA-1 or SHA-256 in each step, on blocks that are ready but for what the step before
/// has made: as in an HMAC no step can start before. Independent ones would overlap in the processor, to a degree that depends
/// on where the linker puts them.
fn compressions(md5: usize, sha1: &[usize], sha256: &[usize]) {
    static BODY: [[u8; 64]; 1100] = [[7; 64]; 1100];
    let mut blocks = black_box([[7; 64]; 3]);
    if md5 > 0 {
        let mut state = [1; 4];
        apisig_core::crypto::md5::compress(&mut state, black_box(&BODY[..md5]));
        put(&state, &mut blocks[0]);
    }
    for step in sha1 {
        let mut state = [1; 5];
        sha1::block_api::compress(&mut state, &blocks[..*step]);
        put(&state, &mut blocks[0]);
    }
    for step in sha256 {
        let mut state = [1; 8];
        sha2::block_api::compress256(&mut state, &blocks[..*step]);
        put(&state, &mut blocks[0]);
    }
    black_box(blocks);
}

fn put<const N: usize>(state: &[u32; N], block: &mut [u8; 64]) {
    for (bytes, word) in block.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_le_bytes();
    }
}

fn main() {
    let path = std::env::var("APISIG_LIBRARY").expect("APISIG_LIBRARY names the library");
    // SAFETY: the library has no initialisers.
    let abi = Abi(unsafe { Library::new(path) }.expect("the library loads"));
    let mut out = [0 as c_char; 256];

    let kommo = abi.handle("kommo");
    let sign: SignRequest = abi.function("apisig_kommo_sign");
    let sign_kommo = |body: &[u8]| {
        let mut headers = [0; 123];
        let (method, path, body_at) = (b"POST".as_ptr(), PATH.as_ptr(), body.as_ptr());
        // SAFETY: strings and their lengths, and a struct of 123 bytes.
        let status = unsafe {
            sign(
                kommo,
                method.cast(),
                4,
                path.cast(),
                PATH.len(),
                body_at.cast(),
                body.len(),
                1_669_231_521,
                &mut headers,
            )
        };
        assert_eq!(status, 0);
        black_box(headers);
    };
    for (size, len) in [("97 B", 97), ("1 KB", 1024), ("64 KB", 65536)] {
        let body = vec![b'x'; len];
        let blocks = (len + 9_usize).div_ceil(64);
        let name = format!("C Kommo sign, {size}");
        compare(
            &name,
            "the floor",
            || sign_kommo(black_box(&body)),
            || compressions(blocks, &[3, 1], &[]),
            true,
        );
    }

    let imbachat = abi.handle("imbachat");
    let sign_token: SignToken = abi.function("apisig_imbachat_sign");
    let check_token: CheckToken = abi.function("apisig_imbachat_check");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs() as i64;
    let mut make = || {
        // SAFETY: a buffer and its size.
        black_box(unsafe { sign_token(imbachat, 42, now + 3600, out.as_mut_ptr(), 256) });
    };
    compare("C ImbaChat sign", "the floor", &mut make, || compressions(0, &[], &[2, 1]), true);
    let key = EncodingKey::from_secret(SECRET);
    let encode = || {
        let claims = Claims { exp: now + 3600, user_id: 42 };
        black_box(jsonwebtoken::encode(&Header::default(), &claims, &key).expect("a token"));
    };
    compare("C ImbaChat sign", "jsonwebtoken", encode, &mut make, false);
    let mut token = [0 as c_char; 256];
    // SAFETY: a buffer and its size, and the text in it.
    let token_len = unsafe { CStr::from_ptr(sign_token(imbachat, 42, now + 3600, token.as_mut_ptr(), 256)) }
        .count_bytes();
    let check = || {
        // SAFETY: a string and its length.
        assert_eq!(unsafe { check_token(imbachat, token.as_ptr(), token_len, now, 0) }, 42);
    };
    compare("C ImbaChat verify", "the floor", check, || compressions(0, &[], &[2, 1]), true);
    let text: String = token[..token_len].iter().map(|byte| *byte as u8 as char).collect();
    let (key, validation) = (DecodingKey::from_secret(SECRET), Validation::new(Algorithm::HS256));
    let decode = || {
        let claims =
            jsonwebtoken::decode::<Claims>(black_box(&text), &key, &validation).expect("it is valid").claims;
        assert_eq!(claims.user_id, 42);
    };
    compare("C ImbaChat verify", "jsonwebtoken", decode, check, false);

    let message = b"f62a0162-46a7-430e-b06c-0ef798d56b21";
    let retailcrm = abi.handle("retailcrm");
    let sign: Sign = abi.function("apisig_retailcrm_sign");
    // SAFETY: a string and its length, a buffer and its size.
    unsafe { sign(retailcrm, message.as_ptr().cast(), message.len(), out.as_mut_ptr(), 256) };
    let check_key: Check = abi.function("apisig_retailcrm_check");
    let check = || {
        // SAFETY: two strings and their lengths.
        let index = unsafe { check_key(retailcrm, message.as_ptr().cast(), message.len(), out.as_ptr(), 64) };
        assert_eq!(index, 0);
    };
    compare("C RetailCRM verify", "the floor", check, || compressions(0, &[], &[1, 1]), true);
    let (kayako, sign): (_, Sign) = (abi.handle("kayako"), abi.function("apisig_kayako_sign"));
    let make = || {
        // SAFETY: a string and its length, a buffer and its size.
        let made = unsafe { sign(kayako, b"1234567890".as_ptr().cast(), 10, out.as_mut_ptr(), 256) };
        assert!(!black_box(made).is_null());
    };
    compare("C Kayako sign", "the floor", make, || compressions(0, &[], &[1, 1]), true);
    threads(&abi);
}

/// How many signatures two threads make with one handle, beside two threads with a handle each.
fn threads(abi: &Abi) {
    let handles = [abi.handle("kayako") as usize, abi.handle("kayako") as usize];
    let sign: Sign = abi.function("apisig_kayako_sign");
    let run = |handles: [usize; 2]| {
        let barrier = Barrier::new(handles.len());
        let work = |handle: usize| {
            let mut out = [0 as c_char; 64];
            barrier.wait();
            let (start, mut done) = (Instant::now(), 0);
            while start.elapsed() < Duration::from_millis(40) {
                for _ in 0..500 {
                    // SAFETY: a handle that is only read, a string and its length, a buffer and its size.
                    unsafe {
                        sign(handle as *const c_void, b"1234567890".as_ptr().cast(), 10, out.as_mut_ptr(), 64)
                    };
                }
                done += 500;
            }
            f64::from(done) / start.elapsed().as_secs_f64()
        };
        std::thread::scope(|scope| {
            let threads = handles.map(|handle| scope.spawn(move || work(handle)));
            threads.into_iter().map(|thread| thread.join().expect("a thread")).sum::<f64>()
        })
    };
    let mut ratios: Vec<_> = (0..ROUNDS).map(|_| run([handles[0]; 2]) / run(handles)).collect();
    ratios.sort_by(f64::total_cmp);
    println!(
        "C two threads, one handle\ta handle each\t{:.2}\t{:.2}\t{:.2}\t\t",
        ratios[ROUNDS / 2],
        ratios[0],
        ratios[ROUNDS - 1]
    );
}
