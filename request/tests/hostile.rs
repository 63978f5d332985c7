//! Untrusted input: nothing panics, nothing that is unclear is right, and the longest input is read in linear
//! time.
#![forbid(unsafe_code)]

use apisig_core::{Error, Time};
use apisig_request::{Finding, PASTED_MAX, Request, Times, Verdict, read, taken};
use std::time::Instant;

const HEAD: &str = "POST /hook HTTP/1.1\r\nX-Signature: 4736eec47a4dc228cfa81ca2f62683d85233877f\r\n";
const SECRET: &[u8] = b"fb50586ff7b68cd831fe0ef356345903f644c0d2";

fn one(text: impl AsRef<[u8]>) -> Request {
    let mut requests = read(text.as_ref()).unwrap().requests;
    assert_eq!(requests.len(), 1);
    requests.remove(0)
}

fn refused(text: impl AsRef<[u8]>) -> String {
    read(text.as_ref()).err().map(|why| why.to_string()).unwrap_or_default()
}

fn verdict(request: &Request, secret: &[u8]) -> Option<Verdict> {
    let times = Times { at: None, clock: Time::new(1_669_231_521).unwrap() };
    let (request, taken) = taken(std::slice::from_ref(request), None).pop()?;
    Some(Verdict::new(request, taken, Some(secret), times))
}

fn is_valid(request: &Request, secret: &[u8]) -> Option<bool> {
    verdict(request, secret)?.finding.is_valid()
}

#[test]
fn a_body_is_what_the_headers_announce_or_missing() {
    for (headers, body, expected) in [
        ("Content-Length: 7", &b"{\"a\":1}"[..], Some(&b"{\"a\":1}"[..])),
        ("Content-Length: 7", b"{\"a\":1}\nGET /next HTTP/1.1", Some(b"{\"a\":1}")),
        ("Content-Length: 0", b"\n\n", Some(b"")),
        // What is longer was printed in another layout.
        ("Content-Length: 0", b"{\"a\":1}", None),
        ("Content-Length: 7", b"{\n  \"a\": 1\n}", None),
        ("Content-Length: 8", b"{\"a\":1}", None),
        ("Content-Length: -1", b"{\"a\":1}", None),
        ("Content-Length: 99999999999999999999", b"{\"a\":1}", None),
        ("Content-Length: 7\r\nContent-Length: 7", b"{\"a\":1}", None),
        ("Content-Length: 7\r\nTransfer-Encoding: chunked", b"{\"a\":1}", None),
        ("Transfer-Encoding: chunked", b"7\r\n{\"a\":1}\r\n0\r\n\r\n", Some(b"{\"a\":1}")),
        ("Transfer-Encoding: chunked", b"3;x=y\n{\"a\n4\n\":1}\n0\n", Some(b"{\"a\":1}")),
        ("Transfer-Encoding: chunked", b"7\r\n{\"a\":1}\r\n", None),
        ("Transfer-Encoding: chunked", b"8\r\n{\"a\":1}\r\n0\r\n", None),
        ("Transfer-Encoding: chunked", b"ffffffffffffffff\r\n{\"a\":1}\r\n0\r\n", None),
        ("Transfer-Encoding: chunked", b"-7\r\n{\"a\":1}\r\n0\r\n", None),
        ("Transfer-Encoding: chunked", b"", None),
        ("Accept: x", b"{\"a\":1}\r\n", Some(b"{\"a\":1}")),
        ("Accept: x", b"\0\xff\xfe", Some(b"\0\xff\xfe")),
        ("Accept: x", b"", None),
    ] {
        let request = one([HEAD.as_bytes(), headers.as_bytes(), b"\r\n\r\n", body].concat());
        assert_eq!(request.body.as_deref(), expected, "{headers} {}", String::from_utf8_lossy(body));
        let is_noted = request.notes.iter().any(|note| note.starts_with("the body is missing"));
        assert_eq!(is_noted, expected.is_none(), "{headers}");
        assert_eq!(is_valid(&request, SECRET), expected.map(|body| body == b"{\"a\":1}"), "{headers}");
    }
}

/// A client prints JSON prettily. Which bytes it sent, the Content-MD5 shows.
#[test]
fn a_body_in_another_layout_is_the_one_that_has_the_content_md5() {
    for (md5, body) in [("bb6cb5c68df4652941caf652a366f2d8", Some(&b"{\"a\":1}"[..])), ("00", None)] {
        let request = one(format!("{HEAD}Content-MD5: {md5}\nContent-Length: 7\n\n{{\n  \"a\": 1\n}}\n"));
        assert_eq!(request.body.as_deref(), body, "{md5}");
    }
}

#[test]
fn a_header_that_is_there_twice_is_never_right() {
    let body = "Content-Length: 7\r\n\r\n{\"a\":1}";
    assert_eq!(is_valid(&one(format!("{HEAD}{body}")), SECRET), Some(true));
    for more in ["X-Signature: 4736eec47a4dc228cfa81ca2f62683d85233877f\r\n", "x-signature:\r\n"] {
        let request = one(format!("{HEAD}{more}{body}"));
        assert!(matches!(verdict(&request, SECRET).unwrap().finding, Finding::Twice("X-Signature")));
    }
}

/// A variable, or what a call returns, was sent with a value that was not pasted.
#[test]
fn code_without_its_values_is_refused() {
    let code = |date: &str| {
        format!("fetch('https://h/', {{\n  headers: {{ 'X-Signature': 'ab', Date: {date} }}\n}})")
    };
    assert_eq!(one(code("'Wed'")).header("Date").unwrap(), Some(&b"Wed"[..]));
    assert!(one(code("null")).header("Date").unwrap().is_none());
    for date in
        ["date", "$date", "now()", "new Date()", "'a' + b", "'a' . $b", "`${date}`", "\"$date\"", "f'{date}'"]
    {
        assert!(refused(code(date)).contains("in place of Date"), "{date}");
    }
}

/// Where a URL ends in a text, and that a text has none.
#[test]
fn a_url_ends_where_the_text_goes_on() {
    let url = "https://h/a?b[]=(1)&c=%3D.5";
    for (before, behind) in [
        ("", " x"),
        ("see ", "."),
        ("<", "> x"),
        ("[x](", ")"),
        ("x (", ", y)"),
        ("a - ", "; b"),
        ("x=", " y"),
    ] {
        let request = one(format!("{before}{url}{behind}"));
        assert_eq!(request.url.as_deref(), Some(url.as_bytes()), "{before} {behind}");
    }
}

#[test]
fn what_is_too_much_is_refused() {
    assert!(refused(vec![b'x'; PASTED_MAX + 1]).contains("1 MiB"));
    let headers = |count: usize| format!("{HEAD}{}\r\n", "a: b\r\n".repeat(count));
    assert_eq!(one(headers(999)).headers.unwrap().len(), 1000);
    assert!(refused(headers(1000)).contains("1000 headers"));
    let urls = |count: usize| format!("curl {}", "http://h/ ".repeat(count));
    assert_eq!(read(urls(16).as_bytes()).unwrap().requests.len(), 16);
    assert!(refused(urls(17)).contains("16 URLs"));
    let line = "- - [23/Nov/2022:19:25:21 +0000] \"GET / HTTP/1.1\" 200\n";
    assert_eq!(read(line.repeat(1000).as_bytes()).unwrap().requests.len(), 1000);
    assert!(refused(line.repeat(1001)).contains("1000 requests"));
    assert!(refused(format!("{{\"method\":1,\"url\":{}", "[".repeat(100_000))).contains("JSON"));
    let variables = format!("@a = {}\n### x\nGET /{}", "x".repeat(2000), "{{a}}".repeat(1000));
    assert!(refused(variables).contains("1 MiB with the values"));
}

#[test]
fn what_is_nothing_is_refused_in_words() {
    for text in [
        "",
        "\0",
        "\u{feff}",
        "[]",
        "curl",
        "curl -H",
        "curl -d",
        "{\"url\":1,\"method\":2}",
        "###\n",
        "x",
        "\r\n\r\n",
    ] {
        assert!(!refused(text).is_empty(), "{text:?}");
    }
    for bytes in [
        &b"\xff\xfe"[..],
        b"POST /x HTTP/1.1\r\nbroken header\r\n\r\n",
        b"POST /x HTTP/1.1\r\na\0b: c\r\n\r\n",
    ] {
        assert!(!refused(bytes).is_empty(), "{bytes:?}");
    }
}

#[test]
fn an_encoding_in_another_one_is_read_once() {
    let nested = one(r#"curl http://h/ -H "X-Signature: $'a'" -d '"'"'"'"' -d "a'b\"c" -d $'\'"'"#);
    assert_eq!(nested.body.as_deref(), Some(&b"\"'\"&a'b\"c&'\""[..]));
    assert_eq!(nested.header("X-Signature").unwrap(), Some(&b"$'a'"[..]));
}

#[test]
fn curl_sends_headers_of_its_own() {
    for (command, name, value) in [
        ("-d a=b", "Content-Type", Some("application/x-www-form-urlencoded")),
        ("-d a=b -H 'content-type: a/b'", "Content-Type", Some("a/b")),
        ("-d a=b -G", "Content-Type", None),
        ("--json {}", "Content-Type", Some("application/json")),
        ("-u a:b", "Authorization", Some("Basic YTpi")),
        ("-u a:b -H 'Authorization: x'", "Authorization", Some("x")),
        ("--oauth2-bearer x", "Authorization", Some("Bearer x")),
        ("-H 'X;' -H Y:", "X", Some("")),
        ("-H 'X;' -H Y:", "Y", None),
    ] {
        let request = one(format!("curl http://h/ {command}"));
        let found = request.header(name).unwrap().map(|value| str::from_utf8(value).unwrap());
        assert_eq!(found, value, "{command}");
    }
}

#[test]
fn curl_sends_a_method_and_a_body_by_its_options() {
    for (options, method, url, body) in [
        ("", "GET", "http://h/", Some("")),
        ("-d a -d b", "POST", "http://h/", Some("a&b")),
        ("-d a -G", "GET", "http://h/?a", Some("")),
        ("-I", "HEAD", "http://h/", Some("")),
        ("-sSXPUT -d a", "PUT", "http://h/", Some("a")),
        ("--json 1 --json 2", "POST", "http://h/", Some("12")),
        ("--data-urlencode 'a=b c' --data-urlencode =d/", "POST", "http://h/", Some("a=b%20c&d%2F")),
        ("--url-query 'a=b c' -d x", "POST", "http://h/?a=b%20c", Some("x")),
        ("-T f", "PUT", "http://h/", None),
        ("-d @f", "POST", "http://h/", None),
        ("-F a=b", "POST", "http://h/", None),
        ("-o f -m 5 --retry 3 -A x", "GET", "http://h/", Some("")),
    ] {
        let request = one(format!("curl {options} h/#top"));
        assert_eq!(request.method(), method, "{options}");
        assert_eq!(request.url.as_deref(), Some(url.as_bytes()), "{options}");
        assert_eq!(request.body.as_deref(), body.map(str::as_bytes), "{options}");
    }
    assert!(one("curl h -H @f -H 'X-Signature: a'").headers.is_none());
    let two = read(b"curl h --next -d @- i <<x\na\nx").unwrap().requests;
    assert_eq!(two[1].body.as_deref(), Some(&b"a"[..]));
    let form = one("curl h -F 'a=\"b\\\"c\";type=text/plain' -F 'd=e;type=x' -F f=@g --form-string h=@i");
    assert_eq!(form.form().as_deref(), Some(&b"a=b%22c&d=e&h=%40i"[..]));
}

#[test]
fn a_body_that_a_har_entry_has_not_is_empty_by_its_size_or_method() {
    for (method, more, expected) in [
        ("GET", "", Some("")),
        ("GET", r#","bodySize":-1"#, Some("")),
        ("POST", "", None),
        ("POST", r#","bodySize":0"#, Some("")),
        ("POST", r#","bodySize":7"#, None),
        ("DELETE", r#","bodySize":7"#, None),
        ("DELETE", r#","headers":[{"name":"content-length","value":"7"}]"#, None),
        ("POST", r#","headers":[{"name":"content-length","value":"0"}]"#, Some("")),
        ("POST", r#","postData":{"text":""}"#, Some("")),
        ("POST", r#","postData":{"text":"x","encoding":"base64"}"#, None),
        ("POST", r#","postData":{"text":"YQ==","encoding":"base64"}"#, Some("a")),
        ("POST", r#","postData":{"text":"YQ==","_encoding":"base64"}"#, Some("a")),
        ("POST", r#","postData":{"text":"","params":[{"name":"a","value":"b"}]}"#, None),
    ] {
        let request = one(format!(r#"{{"method":"{method}","url":"/"{more}}}"#));
        assert_eq!(request.body.as_deref(), expected.map(str::as_bytes), "{method} {more}");
        let is_noted = request.notes.iter().any(|note| note.starts_with("the body is missing"));
        assert_eq!(is_noted, expected.is_none(), "{method} {more}");
    }
}

#[test]
fn a_file_is_no_field() {
    let part =
        |head: &str, value: &str| format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n");
    let parts =
        [part("name=\"a\"", "1\r\n2"), part("name=\"b\"; filename=\"c\"", "3"), part("name=\"d\"", "")];
    let head = "POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n";
    let request = one(format!("{head}{}--x--", parts.concat()));
    assert_eq!(request.form().as_deref(), Some(&b"a=1%0D%0A2&d="[..]));
}

/// A note about its own time is none about the time of a log.
#[test]
fn what_is_checked_at_a_time_is_not_checked_at_its_own() {
    let header = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJleHAiOjE1OTA0OTIwMDAsInVzZXJfaWQiOjF9";
    let token = format!("{header}._xUNCzcrWYQl_87b-r5w5tkI9cBPI2WczNrG9iEcvHs");
    let log = format!("- - [26/May/2020:11:00:00 +0000] \"GET /?token={token} HTTP/1.1\" 200");
    for (text, is_own) in [(token, true), (log, false)] {
        let secret = b"lPXBFPqNg3f661JcegBY0N0dPXqUBdHXqj2cHf04PZgLHxT6z55e20ozojvMRvB8";
        let verdict = verdict(&one(text), secret).unwrap();
        assert_eq!(verdict.finding.is_valid(), Some(true));
        assert_eq!(verdict.notes.iter().any(|note| note.contains("its own time")), is_own);
    }
}

/// Every note is for a terminal.
#[test]
fn no_note_has_a_control_character() {
    for text in
        ["curl http://h/ -d '@a\u{1b}[2J\u{202e}'", "GET /x\n\n< a\u{1b}b", "curl http://h/ -H '@\u{7}'"]
    {
        let notes = one(text).notes.concat();
        assert!(
            notes.contains("missing") && !notes.chars().any(|c| c.is_control() || c == '\u{202e}'),
            "{notes:?}"
        );
    }
}

/// Each of these is read at a quarter, at half and at all of 1 MiB. `--nocapture` prints the milliseconds, of which each is
/// twice the one before.
#[test]
fn the_longest_input_is_read_in_linear_time() {
    let filled = |size: usize, head: &str, part: &str, tail: &str| {
        let count = (size - head.len() - tail.len()) / part.len();
        format!("{head}{}{tail}", part.repeat(count))
    };
    for (head, part, tail) in [
        ("curl http://h/ -d '", "a", "'"),
        ("curl http://h/", " -d a", ""),
        ("curl http://h/", " --url-query a", ""),
        ("curl http://h/", " --next", " http://h/"),
        ("curl http://h/ <<x", " --next -d @-", "\ny\nx"),
        ("curl http://h/ ", "\\\n", ""),
        ("curl http://h/ -d $'", "\\u00e9", "'"),
        ("curl http://h/ ", "'' ", ""),
        ("curl http://h/ -d ", "'\"'", ""),
        ("curl ^\"http://h/^\" ", "^\n", ""),
        ("curl ^\"http://h/^\" ^\"", "^\\^\\", "^\""),
        ("curl http://h/ ^\n \"", "\\", "x\""),
        ("curl http://h/ -F a=\"", "\\x", "\""),
        ("POST / HTTP/1.1\n\n", "a=b&", ""),
        ("POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n", "1\na\n", "0\n"),
        ("POST / HTTP/1.1\nContent-Type: multipart/form-data\n\n--x\n", "--x\n; name=\"a\"\n\n1\n", ""),
        ("POST / HTTP/1.1\nContent-Type: multipart/form-data\n\n", "--", "\n"),
        ("> GET / HTTP/2\n", "> GET / HTTP/2\n", ""),
        (":method: GET\n", ":a: b\n", "\n"),
        ("\"GET / HTTP/1.1\" ", "\"", ""),
        ("\"GET / HTTP/1.1\" ", "[", "]"),
        ("\"GET / HTTP/1.1\" ", "2022-11-23T19:25:21 ", ""),
        ("{\"method\":\"GET\",\"url\":\"", "a", "\"}"),
        ("{\"method\":\"GET\",\"url\":\"/\",\"headers\":[", "{},", "{}]}"),
        ("### \nGET /x\n\n", "###\n", ""),
        ("### \nGET /x\n\n", "{{a}", ""),
        ("@a=b\nGET /x\n\n", "{{a}}", ""),
        ("/billing/api/x?hash=", "%61", ""),
        ("salt=1&signature=", "a", ""),
        ("salt=1", "&salt=1", "&signature=x"),
        ("register={\"token\":\"", "a", "\"}"),
        ("register[token]=", "&register[token]=", ""),
        ("curl http://h/ -d a", "\n", ""),
        ("curl http://h/", "\n -d a", ""),
        ("curl http://h/ -d a", "&", ""),
        ("A=b\ncurl http://h/ -d \"", "$A", "\""),
        ("A=b\n", "A=$A$A\n", "curl http://h/ -d $A"),
        ("", "printf a | ", "curl http://h/ -d @-"),
        ("wget http://h/", " --header=a:b", ""),
        ("http http://h/", " a:=[", ""),
        ("http http://h/", " a=b", ""),
        ("", "$ ", "curl http://h/"),
        ("", "> a\n", ""),
        ("```\n", "`", ""),
        ("", "\u{1b}[3", "m"),
        ("> GET / HTTP/1.1\n", "a: b\n", "\n"),
        ("=> Send header, 1\n", "0000: GET / HTTP/1.1\n", ""),
        ("send: b'GET / HTTP/1.1\\r\\n'\n", "send: b'a'\n", ""),
        ("---request begin---\nGET / HTTP/1.1\n", "---request begin---\n", ""),
        ("x GET /a ", "GET(", ""),
        ("x GET /a ", "GET /(", ""),
        ("x GET /a\n", "Parameters: {\n", ""),
        ("see http://h/?a=b ", "http://", ""),
        ("see http://h/?a=b ", "http://h/(", ""),
        ("see http://h/?a=b ", "&amp;", ""),
        ("{", "X-Signature: 'a', ", "}"),
        ("{X-Signature: 'a', ", "a: b, ", "}"),
        ("{X-Signature: 'a', ", "{[(", "}"),
        ("{X-Signature: 'a', ", "[a", "}"),
        ("{X-Signature: 'a', ", "[a] =>\n", "}"),
        ("{X-Signature: 'a', ", "\"a\":", "}"),
        ("{X-Signature: 'a', ", "a=", "}"),
        ("{X-Signature: 'a', ", "a: b {\n", "}"),
        ("{X-Signature: 'a', ", "' \"", ""),
        ("{X-Signature: 'a', ", "a=b,", "}"),
        ("{X-Signature: 'a', ", "-A ", "}"),
        ("{X-Signature: 'a', ", "\\", "}"),
        ("{\"url\":\"http://h/\"}", "{\"url\":1}", ""),
        ("{\"url\":\"/billing/api/x\",\"headers\":{", "\"a\":[\"b\"],", "\"c\":1}}"),
        ("POST / HTTP/1.1\nContent-Length: 1\n\n{", " ", "\"a\"}"),
        ("POST / HTTP/1.1\n\na=b", "\n&a=b", ""),
        ("eyJ", "a", ".a.a"),
        ("eyJ.", ".", "a"),
        ("Basic ", "a", ""),
        ("", " ", "x=y"),
        ("", "/", ""),
        ("", "\n", "curl x"),
    ] {
        let times = [4, 2, 1].map(|share| {
            let (text, began) = (filled(PASTED_MAX / share, head, part, tail), Instant::now());
            let requests = read(text.as_bytes()).map(|pasted| pasted.requests).unwrap_or_default();
            for request in requests.iter().take(2) {
                assert_ne!(is_valid(request, SECRET), Some(true), "{head}");
            }
            began.elapsed().as_millis()
        });
        println!("{times:?} ms: {head:.20}{part}");
    }
    let many: String = (0..60_000).map(|number| format!("@v{number}=x\n")).collect();
    let used: String = (0..30_000).map(|number| format!("{{{{v{number}}}}}")).collect();
    assert!(read(format!("{many}### \nGET /x\n\n{used}").as_bytes()).is_ok());
}

/// The command says so too, in the words of the library.
#[test]
fn a_secret_that_cannot_be_one_is_the_callers_mistake() {
    let request = one("/billing/api/users_get?hash=b93c35d5c6183288322122561a3da7e09abb63b7");
    let verdict = verdict(&request, &[b'x'; 1025]).unwrap();
    let Finding::Checked { report, .. } = verdict.finding else { panic!() };
    assert_eq!(report.diagnosis, Err(Error::ArgumentSecretLength));
}
