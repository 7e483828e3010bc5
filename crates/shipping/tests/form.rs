//! How a function was written.

mod common;

use common::ok;
use everycore_shipping::{Form, Refusal, analyse};

#[test]
fn tells_forms_apart() {
    let table = [
        ("() => 1", Form::Arrow),
        ("x => x", Form::Arrow),
        ("async x => await x", Form::Arrow),
        ("async(x) => { await x }", Form::Arrow),
        ("(a, { b, c = [1] }, ...rest) => a", Form::Arrow),
        ("() => ({ a: 1 })", Form::Arrow),
        ("function () {}", Form::Function),
        ("function f(a) { return f(a) }", Form::Function),
        ("async function () {}", Form::Function),
        ("function* g() { yield 1 }", Form::Function),
        ("async function* g() { yield 1 }", Form::Function),
        ("function /* a */ f /* b */ () {\r\n}", Form::Function),
        ("class {}", Form::Class),
        (
            "class A extends B { #x = 1; static { this.y = 2 } }",
            Form::Class,
        ),
        ("foo(a) { return a }", Form::Method),
        ("foo() { return super.foo() }", Form::Method),
        ("async foo() {}", Form::Method),
        ("*foo() {}", Form::Method),
        ("async *foo() {}", Form::Method),
        ("[Symbol.iterator]() {}", Form::Method),
        ("[(() => 1)()]() {}", Form::Method),
        ("'a b'() {}", Form::Method),
        ("12() {}", Form::Method),
        ("#secret() { return 1 }", Form::Method),
        ("f() { return this.#secret }", Form::Method),
        ("get f() { return this.#secret }", Form::Getter),
        ("#f() { return this.#f }", Form::Method),
        (
            "constructor(a) { super(a); this.#secret = a }",
            Form::Method,
        ),
        ("f() { return import.meta.url }", Form::Method),
        ("async(x) { return x }", Form::Method),
        ("class() {}", Form::Method),
        ("foo(a) { return 010 }", Form::Method),
        ("get foo() { return 1 }", Form::Getter),
        ("set foo(v) {}", Form::Setter),
        ("function parse() { [native code] }", Form::Native),
        ("function () { [native code] }", Form::Native),
        ("function bound f() {\n  [native code]\n}", Form::Native),
    ];
    for (source, form) in table {
        assert_eq!(ok(source).form, form, "{source}");
    }
}

#[test]
fn refuses_what_is_not_one_function() {
    for source in [
        "",
        "1",
        "a, b",
        "(() => 1)()",
        "() => 1, 2",
        "{",
        "function f( {",
        "f(); function g() {}",
    ] {
        assert!(analyse(source).is_err(), "{source}");
    }
    assert_eq!(analyse("1 + 1"), Err(Refusal::NotAFunction));
}

#[test]
fn reads_modifiers_and_parameters() {
    assert!(ok("async () => 1").is_async);
    assert!(ok("async function* () {}").is_async);
    assert!(ok("function* () {}").is_generator);
    assert!(!ok("() => async () => 1").is_async);
    for (source, params) in [
        ("() => 1", 0),
        ("x => 1", 1),
        ("(a, b = 1) => 1", 2),
        ("(a, ...b) => 1", 1),
        ("function ({ a, b }, [c]) {}", 2),
        ("function (a,) {}", 1),
    ] {
        assert_eq!(ok(source).params, params, "{source}");
    }
}

#[test]
fn prefers_strict_mode() {
    for source in [
        "function (o) { with (o) { return 1 } }",
        "() => 010",
        "() => '\\07'",
        "(a) => { delete a }",
        "function (a, a) {}",
        "() => { arguments = 1 }",
        "(eval) => 1",
        "() => { let yield_ = 1; var yield = 2; return yield }",
        "function f() { var static; var interface }",
    ] {
        assert!(ok(source).sloppy, "{source}");
    }
    for source in [
        "() => 1",
        "function f() { 'use strict'; return 1 }",
        "() => { await: for (;;) break await }",
    ] {
        assert!(!ok(source).sloppy, "{source}");
    }
}
