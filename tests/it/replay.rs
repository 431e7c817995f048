//! Playing an attempt again: the same records always give the same position.

use std::collections::BTreeMap;

use proptest::prelude::*;
use warmly::practice::{Opening, Page, Response, replay};
use warmly::scenario::Scenario;
use warmly::scenario::publish::{built_in, readable};

fn scenarios() -> Vec<Scenario> {
    built_in().iter().map(|(name, text)| readable(name, text).expect("a scenario without errors")).collect()
}

type Records = (BTreeMap<u32, Opening>, BTreeMap<u32, Response>);

/// Records of someone who follows these choices until the conversation ends.
fn records(scenario: &Scenario, choices: &[usize]) -> Records {
    let (mut openings, mut responses) = (BTreeMap::new(), BTreeMap::new());
    for (choice, number) in choices.iter().zip(1_u32..) {
        let Some((turn_id, reply_ids)) = ({
            let walk = replay(scenario, &openings, &responses);
            walk.steps.last().filter(|_| walk.ending.is_none()).map(|step| {
                let ids: Vec<String> = step.turn.replies.iter().map(|reply| reply.id.clone()).collect();
                (step.turn_id.to_owned(), ids)
            })
        }) else {
            break;
        };
        let reply_id = reply_ids[choice % reply_ids.len()].clone();
        openings.insert(
            number,
            Opening { own_words: None, words_gone: false, reply_order: reply_ids, opened_at: 0 },
        );
        responses.insert(number, Response { turn_id, reply_id, sureness: None, answered_at: 0 });
    }
    (openings, responses)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn random_walks_end_and_any_prefix_gives_its_own_position(choices in proptest::collection::vec(0_usize..4, 60)) {
        for scenario in scenarios() {
            let (openings, responses) = records(&scenario, &choices);
            let whole = replay(&scenario, &openings, &responses);
            prop_assert!(whole.ending.is_some(), "{} goes on for ever", scenario.slug);
            for length in 0..=responses.len() {
                let length = u32::try_from(length).expect("small");
                let part: BTreeMap<_, _> = responses.clone().into_iter().filter(|(n, _)| *n <= length).collect();
                let opened: BTreeMap<_, _> = openings.clone().into_iter().filter(|(n, _)| *n <= length).collect();
                let walk = replay(&scenario, &opened, &part);
                prop_assert_eq!(walk.answered().count(), part.len());
                // The answered turns and the open one after them are those of the whole walk.
                let expected: Vec<&str> = whole.steps.iter().map(|step| step.turn_id).take(part.len() + 1).collect();
                let steps: Vec<&str> = walk.steps.iter().map(|step| step.turn_id).collect();
                prop_assert_eq!(steps, expected);
                let page = match (part.len() == responses.len(), u32::try_from(part.len() + 1)) {
                    (false, Ok(next)) => Page::OwnWords(next),
                    _ => Page::LookingBack,
                };
                prop_assert_eq!(walk.furthest(), page);
                for page in [Page::OwnWords(1), Page::Replies(3), Page::Reaction(2), Page::LookingBack] {
                    let allowed = walk.allowed(page);
                    prop_assert_eq!(walk.allowed(allowed), allowed, "a page she is sent to is one she may see");
                }
            }
        }
    }
}

#[test]
fn a_record_that_does_not_fit_the_scenario_stops_the_replay() {
    let scenario = scenarios().remove(0);
    let (openings, mut responses) = records(&scenario, &[0, 0, 0]);
    if let Some(second) = responses.get_mut(&2) {
        "no-such-turn".clone_into(&mut second.turn_id);
    }
    let walk = replay(&scenario, &openings, &responses);
    assert_eq!(walk.answered().count(), 1);
    assert_eq!(walk.furthest(), Page::Replies(2));
}
