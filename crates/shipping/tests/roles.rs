//! Roles of free variables, and async functions that compilers have lowered.

mod common;

use common::{ok, role};
use everycore_shipping::Role;

#[test]
fn judges_a_name_by_all_its_uses() {
    let table = [
        (
            "() => { const f = x(() => 1, 'f'); return x(function () {}, 'g') }",
            Role::Naming,
        ),
        (
            "() => { function f() {} x(f, 'f'); return f }",
            Role::Naming,
        ),
        ("() => x(class {}, 'A')", Role::Naming),
        ("() => { class A {} x(A, 'A') }", Role::Naming),
        (
            "() => { const _A = class _A { static { x(this, 'A') } }; x(_A, 'A') }",
            Role::Naming,
        ),
        ("() => { const _A = class _A {}; x(_A, 'A') }", Role::Naming),
        ("() => { const f = () => 1; x(f, 'A') }", Role::Naming),
        ("function f() { x(this, 'A') }", Role::Value),
        ("() => { const f = g(); x(f, 'A') }", Role::Value),
        ("(f) => x(f, 'f')", Role::Value),
        ("() => x(() => 1, name)", Role::Value),
        ("() => x(() => 1, 'a', 2)", Role::Value),
        ("() => [x(() => 1, 'f'), x]", Role::Value),
        (
            "() => { x().f[0]++; x().s[0]++; return x().b[0][1]++, 1 }",
            Role::Counter,
        ),
        ("() => { x().s[0]++ }", Role::Value),
        ("() => { x().f[0]++; x() }", Role::Value),
        ("() => { x().f[0]--; }", Role::Value),
        ("() => { x().f.a++; }", Role::Value),
        (
            "() => x(this, void 0, void 0, function* () {})",
            Role::Awaiter,
        ),
        (
            "() => x(void 0, [1], void 0, function* (a) {})",
            Role::Awaiter,
        ),
        ("() => x(null, null, function* () {})", Role::Awaiter),
        (
            "() => x(void 0, void 0, void 0, function () { return 1 })",
            Role::Value,
        ),
        ("() => x(1, 2, function* () {})", Role::Value),
        ("() => [x.a, x.b(), x.a, x?.c]", Role::Members),
        ("() => [x.a, x[0]]", Role::Value),
        ("() => { x.a = 1 }", Role::Value),
        ("() => { x.a++ }", Role::Value),
        ("() => { [x.a] = [] }", Role::Value),
        ("() => { delete x.a }", Role::Value),
        ("() => { x = 1 }", Role::Value),
        ("() => x", Role::Value),
    ];
    for (source, expected) in table {
        assert_eq!(role(source, "x"), expected, "{source}");
    }
    assert_eq!(
        role("() => { cov_1a2b().s[0]++; return 1 }", "cov_1a2b"),
        Role::Counter
    );
}

#[test]
fn lists_members() {
    let analysis = ok("() => [(0, fs_1.b)(), fs_1.a, fs_1.b]");
    assert_eq!(analysis.free[0].members, ["a", "b"]);
}

#[test]
fn recognises_lowered_async_functions() {
    for source in [
        "function f(a) { return __awaiter(this, void 0, void 0, function* () { yield a }) }",
        "(a) => __awaiter(void 0, void 0, void 0, function* () { yield a })",
        "(a) => tslib_1.__awaiter(void 0, void 0, void 0, function* () { yield a })",
        "(a) => (0, tslib_1.__awaiter)(void 0, void 0, void 0, function* () { yield a })",
        "function f(a_1) { return __awaiter(this, arguments, void 0, function* (a, b = 1) { yield a }) }",
        "(a_1, ...r) => t(void 0, [a_1, ...r], void 0, function* (a, b = 1) {})",
        "function f() { return e(this, void 0, Promise, function* () {}) }",
        "(a) => __async(null, null, function* () { yield a })",
        "function f(a) { return t(this, arguments, function* (x, y = 2) {}) }",
        "function f() { 'use strict'; var _this = 1; return __awaiter(this, void 0, void 0, function* () {}) }",
        "function f() { c().f[0]++; c().s[0]++; return __awaiter(this, void 0, void 0, function* () {}) }",
        "() => (c().f[0]++, __awaiter(void 0, void 0, void 0, function* () {}))",
        "foo() { return __awaiter(this, void 0, void 0, function* () {}) }",
        "function f() { return __awaiter(this, void 0, void 0, function () { return __generator(this, function (_a) {}) }) }",
        "function f() { return _asyncToGenerator(function* () {})() }",
        "function f() { return t(function* () {}).apply(this, arguments) }",
        "function f() { return (0, _asyncToGenerator2.default)(function* () {}).call(this) }",
        "function f(_x) { return _f.apply(this, arguments) }",
        "function f() { return _ref.apply(this, arguments) }",
        "function e(t, r) { return n.apply(this, arguments) }",
    ] {
        assert!(ok(source).is_lowered_async, "{source}");
    }
    for source in [
        "() => 1",
        "() => run(function* () {})",
        "() => { if (x) return 1; return __awaiter(this, void 0, void 0, function* () {}) }",
        "(a) => { __awaiter(this, void 0, void 0, function* () {}) }",
        "function f() { return g.apply(this, arguments) }",
        "function f(a) { return a.apply(this, arguments) }",
        "function f(a) { log(a); return g.apply(this, arguments) }",
        "(x) => other(x, 1, 2, function* () {})",
    ] {
        assert!(!ok(source).is_lowered_async, "{source}");
    }
}
