//! Free variables and where they stand.

mod common;

use common::{free, ok};
use everycore_shipping::{Refusal, analyse};

#[test]
fn finds_exactly_the_free_names() {
    let table: &[(&str, &[&str])] = &[
        ("() => 1", &[]),
        ("x => x * factor", &["factor"]),
        ("function f(n) { return n ? f(n - 1) : 0 }", &[]),
        ("n => n ? fact(n - 1) : 0", &["fact"]),
        (
            "(a = d, { b = e, [k]: c } = {}) => a + b + c",
            &["d", "e", "k"],
        ),
        // A default cannot see the body.
        (
            "(a = inner) => { const inner = 1; return a + inner }",
            &["inner"],
        ),
        (
            "function f(a = () => inner) { var inner; function g(b = late) { let late } }",
            &["inner", "late"],
        ),
        (
            "function f() { function g(a = late) { let late } const late = 1 }",
            &[],
        ),
        ("(a = 1, b = a) => { var a; let c = a }", &[]),
        ("({ [k]: v = w }) => { const k = 1, w = 2 }", &["k", "w"]),
        (
            "() => { count++; total += 1; [p, q.r] = []; ({ s: t } = {}) }",
            &["count", "total", "p", "q", "t"],
        ),
        ("() => typeof missing", &["missing"]),
        ("() => delete box.x", &["box"]),
        (
            "() => { for (i of xs) ; for (k in o) ; }",
            &["i", "xs", "k", "o"],
        ),
        (
            "(a) => ({ a, b, c: d, [e]: 1, f() { return g } })",
            &["b", "d", "e", "g"],
        ),
        ("() => tag`a${b}c`", &["tag", "b"]),
        ("() => `${`${deep}`}`", &["deep"]),
        ("() => { outer: for (;;) { break outer } }", &[]),
        (
            "() => { class A extends B { #x = y; m() { return this.#x + A.z } static { w } } }",
            &["B", "y", "w"],
        ),
        (
            "() => { var a = b; { let b = 1; { const c = b; d(c) } } }",
            &["b", "d"],
        ),
        ("() => { use(); function use() {} }", &[]),
        ("() => { { function g() {} } }", &[]),
        (
            "() => { try { a() } catch (e) { e } finally { b } }",
            &["a", "b"],
        ),
        (
            "() => { try {} catch ({ message = m }) { message } }",
            &["m"],
        ),
        ("o => o?.a?.[k]?.(v)", &["k", "v"]),
        ("() => new Thing(new Other())", &["Thing", "Other"]),
        (
            "async () => { for await (const x of xs) await x; await using_ }",
            &["xs", "using_"],
        ),
        ("function () { return arguments.length }", &[]),
        ("() => arguments.length", &[]),
        ("(arguments_) => ((x) => x + y)(arguments_)", &["y"]),
        ("() => function inner() { return inner }", &[]),
        ("() => { let x = () => x; return x }", &[]),
        (
            "(x) => { switch (x) { case A: let y; default: y } }",
            &["A"],
        ),
        (
            "() => undefined + NaN + Infinity + globalThis",
            &["undefined", "NaN", "Infinity", "globalThis"],
        ),
        ("x => x in set", &["set"]),
        ("() => void (a, b)", &["a", "b"]),
        ("() => /a(?<n>b)/u.exec(s)", &["s"]),
        ("() => { import(p); }", &["p"]),
        ("function (o) { with (o) { return a } }", &["a"]),
        ("() => [super.x, import.meta, a]", &["a"]),
        ("() => a ?? (b ||= c)", &["a", "b", "c"]),
        ("() => \\u0061bc", &["abc"]),
    ];
    for (source, names) in table {
        let mut found = free(source);
        let mut expected: Vec<String> = names.iter().map(|it| (*it).to_owned()).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{source}");
    }
}

#[test]
fn orders_by_first_mention() {
    assert_eq!(free("() => { z; a; m; a; z }"), ["z", "a", "m"]);
}

#[test]
fn counts_positions_in_utf16_units() {
    for source in [
        "() => 'é😀' + x + 'é' + x",
        "(é, 漢) => { /* 😀 */ x; return é + x }",
        "() => x\u{2028}+ x",
    ] {
        let units: Vec<u16> = source.encode_utf16().collect();
        let analysis = ok(source);
        let variable = &analysis.free[0];
        assert_eq!(variable.name, "x", "{source}");
        assert_eq!(variable.references.len(), 2);
        for it in &variable.references {
            assert_eq!(
                units[it.start as usize..it.end as usize],
                ['x' as u16],
                "{source}"
            );
        }
    }
}

#[test]
fn marks_writes() {
    let analysis = ok("() => { a = 1; b; c++; [d] = []; for (e of []) ; }");
    let writes: Vec<bool> = analysis
        .free
        .iter()
        .map(|it| it.references[0].write)
        .collect();
    assert_eq!(writes, [true, false, true, true, true]);
}

#[test]
fn finds_imports_and_their_literals() {
    let analysis = ok(
        "async (x) => [await import('node:fs'), import(x), import(`./y`), import('é'), import /* a */ ('z', {})]",
    );
    let literals: Vec<Option<&str>> = analysis
        .imports
        .iter()
        .map(|it| it.literal.as_deref())
        .collect();
    assert_eq!(
        literals,
        [Some("node:fs"), None, Some("./y"), Some("é"), Some("z")]
    );
    let source = "() => '😀' + import('a')";
    let start = ok(source).imports[0].start as usize;
    let units: Vec<u16> = source.encode_utf16().collect();
    assert_eq!(
        String::from_utf16(&units[start..start + 6]).unwrap(),
        "import"
    );
}

#[test]
fn reads_literal_arguments_of_loaders() {
    let analysis = ok("() => [require('a'), require.resolve(`./b`), require(c)]");
    let require = analysis
        .free
        .iter()
        .find(|it| it.name == "require")
        .unwrap();
    assert_eq!(require.literals, ["a", "./b"]);
}

#[test]
fn survives_deep_and_long_sources() {
    let chain = format!("() => {}a", "a+".repeat(200_000));
    assert_eq!(free(&chain), ["a"]);
    let calls = format!("() => a{}", ".b()".repeat(50_000));
    assert_eq!(free(&calls), ["a"]);
    for (open, close) in [
        ("[", "]"),
        ("(", ")"),
        ("`${", "}`"),
        ("_=>", ""),
        ("f(", ")"),
        ("{a:", "}"),
    ] {
        let nested = format!("() => ({}1{})", open.repeat(3_000), close.repeat(3_000));
        assert!(ok(&nested).free.len() <= 1, "{open}");
    }
    let huge = format!("() => '{}'", "x".repeat(9 << 20));
    assert_eq!(analyse(&huge), Err(Refusal::TooLong));
}
