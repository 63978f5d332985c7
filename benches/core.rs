//! The vendors of the core, by criterion: for work on them. `cargo bench --locked --manifest-path benches/Cargo.toml`
use apisig_core::{Time, imbachat, kayako, kommo, mor, retailcrm};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;

const SECRET: &[u8] = b"fb50586ff7b68cd831fe0ef356345903f644c0d2";

fn vendors(criterion: &mut Criterion) {
    let time = Time::new(1_669_231_521).expect("a time");
    let mut keys = kommo::Keys::default();
    keys.add(SECRET).expect("a secret");
    for len in [97, 1024, 65536] {
        let body = vec![b'x'; len];
        let mut headers = kommo::Headers::EMPTY;
        criterion.bench_function(&format!("kommo sign {len}"), |bencher| {
            bencher.iter(|| {
                kommo::sign(&keys, b"POST", b"/v2/origin/custom/1", black_box(&body), time, &mut headers)
            })
        });
    }
    let mut keys = imbachat::Keys::default();
    keys.add(SECRET).expect("a secret");
    criterion.bench_function("imbachat sign", |bencher| {
        bencher.iter(|| imbachat::sign(&keys, black_box(42), time))
    });
    let mut keys = retailcrm::Keys::default();
    keys.add(SECRET).expect("a secret");
    criterion.bench_function("retailcrm sign", |bencher| {
        bencher.iter(|| retailcrm::sign(&keys, black_box(b"api_key")))
    });
    let mut keys = kayako::Keys::default();
    keys.add(SECRET).expect("a secret");
    criterion.bench_function("kayako sign", |bencher| {
        bencher.iter(|| kayako::sign(&keys, black_box(b"1234567890")))
    });
    let mut keys = mor::Keys::default();
    keys.add(SECRET).expect("a secret");
    criterion
        .bench_function("mor sign", |bencher| bencher.iter(|| mor::sign(&keys, black_box(b"1234567890"))));
}

criterion_group!(benches, vendors);
criterion_main!(benches);
