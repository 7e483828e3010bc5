//! What ties a function to its place.

mod common;

use common::{ok, ties};
use everycore_shipping::TieKind::{
    self, Arguments, DirectEval, ImportMeta, NewTarget, PrivateName, Super, This,
};

#[test]
fn finds_exactly_the_ties() {
    let table: &[(&str, &[TieKind])] = &[
        ("() => this.x", &[This]),
        ("function () { return this }", &[This]),
        ("function (a = this) {}", &[This]),
        ("() => () => this", &[This]),
        ("() => function () { return this }", &[]),
        (
            "() => ({ m() { return this }, get g() { return this } })",
            &[],
        ),
        (
            "() => class { x = this; static y = this; static { this } m() { return this } }",
            &[],
        ),
        (
            "() => class { [this.k] = 1; static [this.l]() {} }",
            &[This, This],
        ),
        ("() => class extends this.Base {}", &[This]),
        ("() => class { x = () => this }", &[]),
        ("() => super.x", &[Super]),
        (
            "() => class extends Object { constructor() { super() } m() { return super.m() } }",
            &[],
        ),
        ("() => ({ m() { return super.m } })", &[]),
        ("() => super()", &[Super]),
        ("o => o.#x", &[PrivateName]),
        ("o => #x in o", &[PrivateName]),
        (
            "o => class { #x = 1; f() { return this.#x + o.#y } }",
            &[PrivateName],
        ),
        (
            "o => class { #x = 1; static f = () => class { g(a) { return a.#x } } }",
            &[],
        ),
        ("o => { '#x #1 ##'; /* #é */ return o.#é }", &[PrivateName]),
        ("() => new.target", &[NewTarget]),
        ("function () { return new.target }", &[]),
        ("() => function () { return new.target }", &[]),
        ("() => import.meta.url", &[ImportMeta]),
        ("function () { return () => import.meta }", &[ImportMeta]),
        ("() => arguments[0]", &[Arguments]),
        ("() => () => arguments", &[Arguments]),
        ("() => function () { return arguments }", &[]),
        ("function () { return () => arguments }", &[]),
        ("(x) => eval(x)", &[DirectEval]),
        ("(x) => (0, eval)(x)", &[]),
        ("(x) => globalThis.eval(x)", &[]),
        // What compilers make of async functions passes `this` on without using it.
        (
            "function () { return __awaiter(this, void 0, void 0, function* () { yield 1 }) }",
            &[],
        ),
        (
            "function () { return __awaiter(this, void 0, void 0, function* () { return this }) }",
            &[This],
        ),
        (
            "function () { return __async(this, null, function* () { return () => this }) }",
            &[This],
        ),
        (
            "function () { return t(function* () { return 1 }).apply(this, arguments) }",
            &[],
        ),
        (
            "function () { return t(function* () { return this }).apply(this, arguments) }",
            &[This],
        ),
        ("() => t(function* () { return this })()", &[]),
        ("() => other(this, 1)", &[This]),
    ];
    for (source, expected) in table {
        assert_eq!(&ties(source), expected, "{source}");
    }
}

#[test]
fn tells_where() {
    let source = "() => { '😀'; return this }";
    let units = source.encode_utf16().collect::<Vec<_>>();
    let start = ok(source).ties[0].start as usize;
    assert_eq!(
        String::from_utf16(&units[start..start + 4]).unwrap(),
        "this"
    );
}
