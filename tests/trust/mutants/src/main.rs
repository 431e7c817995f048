//! Weaves every mutant of a list into one copy of the sources, each behind a switch, so that the program is built once
//! for all of them: `warmly-mutants SOURCES INTO LIST LEFT_OUT`.
//!
//! LIST is what `cargo mutants --list --json` prints; a mutant's number is its place in it. LEFT_OUT holds the numbers
//! that are not to be woven in, because the compiler refused them. Prints the numbers of those that can't stand behind a
//! switch (in a constant, in a chain of `let`, where a function says only what its value can do): they are to be tried by cargo-mutants itself.
//!
//! `/*<7*/ … /*7>*/` stands around what is mutant 7, `/*[7,8*/ … /*7,8]*/` around the place of several: from that the
//! script knows whom a refusal of the compiler is about.

use std::collections::{BTreeSet, HashMap};
use std::error::Error;
use std::fs;

use proc_macro2::{LineColumn, Span};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

/// A stretch of a file that is written otherwise.
struct Node {
    start: usize,
    end: usize,
    kind: Kind,
}

enum Kind {
    /// Text that is put in (at `start`, which is `end`), or nothing in place of what was there.
    Text(String),
    /// Operands with operators between them, and what may stand in place of which operator.
    Chain { instead: Vec<(usize, (usize, usize), String)> },
    /// An operator that may be gone.
    Unary { number: usize, operand: (usize, usize) },
    /// The condition of a match arm that may be always or never so.
    Guard { always: Option<usize>, never: Option<usize> },
    /// A struct whose fields may be left to its base, each with its comma.
    Struct { fields: Vec<(usize, (usize, usize))> },
}

struct Weaver<'a> {
    text: &'a str,
    lines: Vec<usize>,
    /// Which mutant has this genre, line, column and replacement.
    numbers: HashMap<(String, usize, usize, String), usize>,
    nodes: Vec<Node>,
    woven: BTreeSet<usize>,
}

impl Weaver<'_> {
    fn offset(&self, at: LineColumn) -> usize {
        let line = self.lines[at.line - 1];
        let rest = &self.text[line..];
        line + rest.char_indices().nth(at.column).map_or(rest.len(), |(offset, _)| offset)
    }

    fn range(&self, span: Span) -> (usize, usize) {
        (self.offset(span.start()), self.offset(span.end()))
    }

    /// The mutants of this genre that begin here, with their replacements.
    fn at(&mut self, genre: &str, span: Span) -> Vec<(usize, String)> {
        let (line, column) = (span.start().line, span.start().column + 1);
        let here = self.numbers.iter().filter(|((of, l, c, _), _)| of == genre && *l == line && *c == column);
        let mut found: Vec<(usize, String)> = here.map(|((_, _, _, with), number)| (*number, with.clone())).collect();
        found.sort();
        self.woven.extend(found.iter().map(|(number, _)| number));
        found
    }

    fn one_at(&mut self, genre: &str, span: Span, with: &str) -> Option<usize> {
        self.at(genre, span).into_iter().find(|(_, found)| found == with).map(|(number, _)| number)
    }

    fn push(&mut self, (start, end): (usize, usize), kind: Kind) {
        self.nodes.push(Node { start, end, kind });
    }

    /// A function: its value may be another one, unless its type says no more than what it can do (`impl …`): that would
    /// be the type of whatever is given first. No function that asks for its mutant is `const`, nor any method: it may
    /// call another one that asks.
    fn function(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let Some(first) = block.stmts.first() else { return };
        let before = self.nodes.len();
        let opaque = matches!(&signature.output, syn::ReturnType::Type(_, of) if has_impl(of));
        let values = if opaque { Vec::new() } else { self.at("FnValue", first.span()) };
        if !values.is_empty() {
            let value = |(number, with): &(usize, String)| {
                format!("/*<{number}*/ if crate::mutant({number}) {{ return {with}; }} /*{number}>*/ ")
            };
            let at = self.offset(block.brace_token.span.open().end());
            self.push((at, at), Kind::Text(values.iter().map(value).collect()));
        }
        visit::visit_block(self, block);
        if let Some(constness) = signature.constness.filter(|_| self.nodes.len() > before || signature.receiver().is_some()) {
            self.push(self.range(constness.span()), Kind::Text(String::new()));
        }
    }

    /// The text from one place to another, with every node in it after the first `skip`.
    fn written(&self, skip: usize, (start, end): (usize, usize)) -> String {
        let (mut out, mut at) = (String::new(), start);
        for (index, node) in self.nodes.iter().enumerate().skip(skip) {
            if node.start > end {
                break;
            }
            if node.start >= at && node.end <= end {
                out.push_str(&self.text[at..node.start]);
                out.push_str(&self.node(index));
                at = node.end;
            }
        }
        out + &self.text[at..end]
    }

    fn node(&self, index: usize) -> String {
        let node = &self.nodes[index];
        let inner = |range| self.written(index + 1, range);
        let whole = (node.start, node.end);
        match &node.kind {
            Kind::Text(text) => text.clone(),
            Kind::Chain { instead } => {
                let with = |(number, operator, with): &(usize, (usize, usize), String)| {
                    let (before, after) = (inner((whole.0, operator.0)), inner((operator.1, whole.1)));
                    (*number, format!("{before}{with}{after}"))
                };
                choice(&instead.iter().map(with).collect::<Vec<_>>(), &inner(whole))
            }
            Kind::Unary { number, operand } => {
                let operator = &self.text[node.start..operand.0];
                let operand = inner(*operand);
                choice(&[(*number, operand.clone())], &format!("{operator}{operand}"))
            }
            Kind::Guard { always, never } => {
                let asked = |number: &Option<usize>| {
                    number.map_or_else(|| "false".to_owned(), |number| format!("crate::mutant({number})"))
                };
                format!("({} || (!{} && ({})))", asked(always), asked(never), inner(whole))
            }
            Kind::Struct { fields } => {
                let without = |(number, (start, end)): &(usize, (usize, usize))| {
                    (*number, inner((whole.0, *start)) + &inner((*end, whole.1)))
                };
                choice(&fields.iter().map(without).collect::<Vec<_>>(), &inner(whole))
            }
        }
    }
}

/// One of these where its mutant is tried, else the last.
fn choice(instead: &[(usize, String)], otherwise: &str) -> String {
    let numbers: Vec<String> = instead.iter().map(|(number, _)| number.to_string()).collect();
    let numbers = numbers.join(",");
    let each = |(number, text): &(usize, String)| {
        format!("if crate::mutant({number}) {{/*<{number}*/{text}/*{number}>*/}} else ")
    };
    let each: String = instead.iter().map(each).collect();
    format!("/*[{numbers}*/({each}{{{otherwise}}})/*{numbers}]*/")
}

/// The operands and operators of a chain such as `a && b < c + d`, in order; what stands in parentheses is one operand.
fn taken_apart<'a>(
    binary: &'a syn::ExprBinary,
    operands: &mut Vec<&'a syn::Expr>,
    operators: &mut Vec<&'a syn::BinOp>,
) {
    for (number, side) in [&*binary.left, &*binary.right].into_iter().enumerate() {
        if number == 1 {
            operators.push(&binary.op);
        }
        match side {
            syn::Expr::Binary(inner) => taken_apart(inner, operands, operators),
            operand => operands.push(operand),
        }
    }
}

fn has_impl(of: &syn::Type) -> bool {
    struct Found(bool);
    impl<'ast> Visit<'ast> for Found {
        fn visit_type_impl_trait(&mut self, _: &'ast syn::TypeImplTrait) {
            self.0 = true;
        }
    }
    let mut found = Found(false);
    found.visit_type(of);
    found.0
}

fn has_let(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Let(_) => true,
        syn::Expr::Binary(binary) => has_let(&binary.left) || has_let(&binary.right),
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Weaver<'_> {
    // Nothing can be asked while constants and types are made.
    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}
    fn visit_item_static(&mut self, _: &'ast syn::ItemStatic) {}
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}
    fn visit_type(&mut self, _: &'ast syn::Type) {}
    fn visit_expr_repeat(&mut self, repeat: &'ast syn::ExprRepeat) {
        self.visit_expr(&repeat.expr);
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig, &item.block);
    }
    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, &item.block);
    }
    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.function(&item.sig, block);
        }
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        let (mut operands, mut operators) = (Vec::new(), Vec::new());
        taken_apart(binary, &mut operands, &mut operators);
        // A `let` can't stand in parentheses.
        if !operands.iter().any(|operand| matches!(operand, syn::Expr::Let(_))) {
            let mut instead = Vec::new();
            for operator in operators {
                let range = self.range(operator.span());
                instead.extend(self.at("BinaryOperator", operator.span()).into_iter().map(|(n, with)| (n, range, with)));
            }
            if !instead.is_empty() {
                self.push(self.range(binary.span()), Kind::Chain { instead });
            }
        }
        for operand in operands {
            self.visit_expr(operand);
        }
    }

    fn visit_expr_unary(&mut self, unary: &'ast syn::ExprUnary) {
        if let Some(number) = self.one_at("UnaryOperator", unary.op.span(), "") {
            let operand = self.range(unary.expr.span());
            self.push(self.range(unary.span()), Kind::Unary { number, operand });
        }
        visit::visit_expr_unary(self, unary);
    }

    fn visit_expr_match(&mut self, matched: &'ast syn::ExprMatch) {
        for arm in &matched.arms {
            match &arm.guard {
                None => {
                    if let Some(number) = self.one_at("MatchArm", arm.span(), "") {
                        let (_, at) = self.range(arm.pat.span());
                        let guard = format!("/*<{number}*/ if !crate::mutant({number})/*{number}>*/");
                        self.push((at, at), Kind::Text(guard));
                    }
                }
                Some((_, guard)) if !has_let(guard) => {
                    let always = self.one_at("MatchArmGuard", guard.span(), "true");
                    let never = self.one_at("MatchArmGuard", guard.span(), "false");
                    if always.is_some() || never.is_some() {
                        self.push(self.range(guard.span()), Kind::Guard { always, never });
                    }
                }
                Some(_) => {}
            }
        }
        visit::visit_expr_match(self, matched);
    }

    fn visit_expr_struct(&mut self, made: &'ast syn::ExprStruct) {
        let mut fields = Vec::new();
        for pair in made.fields.pairs().filter(|_| made.rest.is_some()) {
            let field = pair.value().span();
            if let Some(number) = self.one_at("StructField", field, "") {
                let (start, end) = self.range(field);
                fields.push((number, (start, pair.punct().map_or(end, |comma| self.range(comma.span()).1))));
            }
        }
        if !fields.is_empty() {
            self.push(self.range(made.span()), Kind::Struct { fields });
        }
        visit::visit_expr_struct(self, made);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [sources, into, list, left_out] = arguments.as_slice() else {
        return Err("warmly-mutants SOURCES INTO LIST LEFT_OUT".into());
    };
    let list: Vec<serde_json::Value> = serde_json::from_str(&fs::read_to_string(list)?)?;
    let left_out = fs::read_to_string(left_out).unwrap_or_default();
    let left_out: BTreeSet<usize> = left_out.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let word = |mutant: &serde_json::Value, key: &str| mutant[key].as_str().unwrap_or_default().to_owned();
    let mut files: HashMap<String, Vec<usize>> = HashMap::new();
    for (number, mutant) in list.iter().enumerate() {
        let of_file = files.entry(word(mutant, "file")).or_default();
        if !left_out.contains(&number) {
            of_file.push(number);
        }
    }
    let mut others: BTreeSet<usize> = BTreeSet::new();
    for (file, mutants) in files {
        let text = fs::read_to_string(format!("{sources}/{file}"))?;
        let key = |number: &usize| {
            let mutant = &list[*number];
            let place = |key: &str| usize::try_from(mutant["span"]["start"][key].as_u64().unwrap_or(0)).unwrap_or(0);
            ((word(mutant, "genre"), place("line"), place("column"), word(mutant, "replacement")), *number)
        };
        let mut lines = vec![0];
        lines.extend(text.match_indices('\n').map(|(offset, _)| offset + 1));
        let numbers = mutants.iter().map(key).collect();
        let mut weaver = Weaver { text: &text, lines, numbers, nodes: Vec::new(), woven: BTreeSet::new() };
        weaver.visit_file(&syn::parse_file(&text)?);
        // What holds others comes before them; the sort keeps the order of what begins and ends together.
        weaver.nodes.sort_by_key(|node| (node.start, std::cmp::Reverse(node.end)));
        others.extend(mutants.iter().copied().filter(|number| !weaver.woven.contains(number)));
        let written = weaver.written(0, (0, text.len()));
        let into = format!("{into}/{file}");
        if fs::read_to_string(&into).is_ok_and(|before| before != written) {
            fs::write(into, written)?;
        }
    }
    println!("{}", others.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
    Ok(())
}
