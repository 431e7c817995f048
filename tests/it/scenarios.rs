//! Every built-in scenario is right, as far as a program can tell.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use warmly::scenario::check::check;
use warmly::scenario::drawing::portrait::NAMES;
use warmly::scenario::parse::parse;
use warmly::scenario::publish::built_in;
use warmly::scenario::rubric::{Element, Place, Score};
use warmly::scenario::{Next, Reply, Scenario, Turn};

fn each(look: impl Fn(&Scenario)) {
    let files = built_in();
    assert_eq!(files.len(), 10, "the ten conversations of the forum thread");
    for (name, text) in files {
        let parsed = parse(&name, &text).unwrap_or_else(|findings| panic!("{name}: {findings:?}"));
        look(&parsed.scenario);
    }
}

fn replies(scenario: &Scenario) -> impl Iterator<Item = (&str, &Turn, &Reply)> {
    let turns = scenario.turns.iter();
    turns.flat_map(|(id, turn)| turn.replies.iter().map(move |reply| (id.as_str(), turn, reply)))
}

fn keeps(turn: &Turn, reply: &Reply) -> bool {
    turn.verdict(reply).place == Place::Keeps
}

#[test]
fn no_file_has_an_error_or_needs_advice() {
    for (name, text) in built_in() {
        let parsed = parse(&name, &text).unwrap_or_else(|findings| panic!("{name}: {findings:?}"));
        let findings: Vec<String> = check(&parsed, NAMES).iter().map(ToString::to_string).collect();
        assert!(findings.is_empty(), "{findings:#?}");
    }
}

#[test]
fn every_reply_of_every_turn_can_be_reached_from_the_start() {
    each(|scenario| {
        let mut seen = BTreeSet::from([scenario.start.clone()]);
        let mut queue = VecDeque::from([scenario.start.clone()]);
        let mut endings = BTreeSet::new();
        while let Some(id) = queue.pop_front() {
            for reply in &scenario.turns[&id].replies {
                match scenario.next(&reply.next).expect("a turn or an ending") {
                    Next::Turn(next, _) if seen.insert(next.to_owned()) => queue.push_back(next.to_owned()),
                    Next::Turn(..) => {}
                    Next::Ending(ending, _) => drop(endings.insert(ending.to_owned())),
                }
            }
        }
        assert_eq!(seen.len(), scenario.turns.len(), "{}: turns", scenario.slug);
        assert_eq!(endings.len(), scenario.endings.len(), "{}: endings", scenario.slug);
        assert!(endings.len() >= 3, "{}: three endings or more", scenario.slug);
    });
}

#[test]
fn the_main_line_has_four_turns_or_more() {
    each(|scenario| {
        // The longest way on which every reply keeps.
        fn longest(scenario: &Scenario, id: &str, depth: usize) -> usize {
            assert!(depth < 30, "{}: a circle of keeping replies", scenario.slug);
            let turn = &scenario.turns[id];
            let ways = turn.replies.iter().filter(|reply| keeps(turn, reply)).map(|reply| {
                match scenario.next(&reply.next) {
                    Some(Next::Turn(next, _)) => 1 + longest(scenario, next, depth + 1),
                    _ => 1,
                }
            });
            ways.max().unwrap_or(0)
        }
        let length = longest(scenario, &scenario.start, 0);
        assert!(length >= 4, "{}: {length} turns on its main line", scenario.slug);
    });
}

#[test]
fn most_turns_offer_two_different_keeping_replies_and_branch() {
    each(|scenario| {
        let turns = scenario.turns.len();
        let two = scenario
            .turns
            .values()
            .filter(|turn| turn.replies.iter().filter(|reply| keeps(turn, reply)).count() >= 2);
        assert!(two.count() * 2 > turns, "{}: two keeping replies in most turns", scenario.slug);
        let branching = scenario
            .turns
            .values()
            .filter(|turn| turn.replies.iter().map(|reply| &reply.next).collect::<BTreeSet<_>>().len() >= 2);
        assert!(branching.count() * 2 >= turns, "{}: real branches", scenario.slug);
    });
}

#[test]
fn every_slip_can_still_be_put_right_later() {
    // From where a slip leads, some way must keep every element that failed, unless the slip itself lay on a turn
    // that slips alone lead to.
    each(|scenario| {
        let mut into: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
        for (_, turn, reply) in replies(scenario) {
            into.entry(&reply.next).or_default().push(keeps(turn, reply));
        }
        let by_slips_alone = |id: &str| {
            id != scenario.start && into.get(id).is_some_and(|edges| edges.iter().all(|kept| !kept))
        };
        for (id, turn, reply) in replies(scenario) {
            let mut open: BTreeSet<Element> = reply
                .scores
                .iter()
                .filter(|(_, score)| **score != Score::Keeps)
                .map(|(element, _)| *element)
                .collect();
            if turn.red_flag && reply.scores.get(&Element::Safe) != Some(&Score::Keeps) {
                open.insert(Element::Safe);
            }
            if open.is_empty() || (by_slips_alone(id) && scenario.endings.contains_key(&reply.next)) {
                continue;
            }
            assert!(
                mendable(scenario, &reply.next, &open, 0),
                "{}: {id}.{} fails on {open:?}, and no later way keeps them",
                scenario.slug,
                reply.id
            );
        }
    });
}

fn mendable(scenario: &Scenario, id: &str, open: &BTreeSet<Element>, depth: usize) -> bool {
    if open.is_empty() {
        return true;
    }
    let Some(turn) = scenario.turns.get(id).filter(|_| depth < 14) else { return false };
    turn.replies.iter().any(|reply| {
        let kept = |element: &Element| reply.scores.get(element) == Some(&Score::Keeps);
        let left: BTreeSet<Element> = open.iter().copied().filter(|element| !kept(element)).collect();
        mendable(scenario, &reply.next, &left, depth + 1)
    })
}

#[test]
fn wrong_choices_of_both_kinds_are_there_in_some_number() {
    each(|scenario| {
        let places: Vec<Place> =
            replies(scenario).map(|(_, turn, reply)| turn.verdict(reply).place).collect();
        let cold = replies(scenario)
            .filter(|(_, turn, reply)| reply.distance.is_some() && !keeps(turn, reply))
            .count();
        let warm = places.iter().filter(|place| matches!(place, Place::Blurs | Place::Crosses)).count();
        assert!(cold >= 2, "{}: {cold} cold replies", scenario.slug);
        assert!(warm >= 3, "{}: {warm} warm or unsafe slips", scenario.slug);
    });
}

#[test]
fn every_reply_has_texts_of_its_own() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (name, text) in built_in() {
        let scenario = parse(&name, &text).expect("a scenario").scenario;
        for (id, _, reply) in replies(&scenario) {
            let reaction = format!("{}{}", reply.reaction.does, reply.reaction.says);
            for (kind, text) in
                [("why", &reply.why), ("kept", &reply.kept), ("text", &reply.text), ("reaction", &reaction)]
            {
                if text.is_empty() {
                    continue;
                }
                let place = format!("{name} {id}.{} {kind}", reply.id);
                if let Some(other) = seen.insert(format!("{kind} {text}"), place.clone()) {
                    panic!("{place} says the same as {other}");
                }
            }
        }
    }
}

#[test]
fn no_text_judges_the_nurse_or_gives_privacy_law_as_the_reason() {
    let banned = [
        "wrong choice",
        "wrong reply",
        "was wrong",
        "incorrect",
        "great job",
        "well done",
        "oops",
        "you failed",
        "you are too",
        "you were too",
    ];
    each(|scenario| {
        for (id, turn, reply) in replies(scenario) {
            for text in [&reply.why, &reply.kept] {
                let lower = text.to_lowercase();
                for word in banned {
                    assert!(
                        !lower.contains(word),
                        "{}: {id}.{}: {word:?} in {text:?}",
                        scenario.slug,
                        reply.id
                    );
                }
            }
            if keeps(turn, reply) {
                assert!(!reply.text.contains("HIPAA"), "{}: {id}.{}", scenario.slug, reply.id);
            }
        }
    });
}

#[test]
fn numbers_that_differ_by_place_are_slots() {
    for (name, text) in built_in() {
        for number in ["911", "988", "999"] {
            assert!(!text.contains(number), "{name} says {number}; a slot says the local one");
        }
    }
}

#[test]
fn the_danger_scenes_have_their_red_flags() {
    each(|scenario| {
        let flags = scenario.turns.values().filter(|turn| turn.red_flag).count();
        match scenario.slug.as_str() {
            "discharge-question" => assert!(flags >= 1),
            "not-doing-well" => {
                assert!(flags >= 3);
                let text = serde_json::to_string(scenario).expect("JSON");
                assert!(text.contains("{crisis_line}"), "the hopeless branch names the crisis line");
            }
            _ => {}
        }
    });
}
