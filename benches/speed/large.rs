//! Pages that count or list, on the large data: a cohort, the whole installation, a nurse's own.

use std::rc::Rc;

use crate::driver::{Wire, get, once};
use crate::limits::Covering;
use crate::options::Run;
use crate::pages::{read, statements};
use crate::product::{Cores, Server};
use crate::report::{Row, Target};
use crate::world::World;

/// The pages of every cohort's educator, from `first` on.
pub(crate) fn cohorts(world: &World, first: usize, most: usize) -> Rc<Vec<Wire>> {
    let wires = world.cohorts.iter().skip(first).take(most);
    Rc::new(wires.map(|id| get(&format!("/cohorts/{id}"), &world.educator, "")).collect())
}

/// The list of every cohort, for an administrator.
pub(crate) fn everything(world: &World) -> Rc<Vec<Wire>> {
    Rc::new(vec![get("/administration/cohorts", &world.administrator, "")])
}

/// Her own pages.
pub(crate) fn own(world: &World, most: usize) -> Rc<Vec<Wire>> {
    let wires = world.nurses.iter().take(most).map(|nurse| get("/me", &nurse.token, ""));
    Rc::new(wires.collect())
}

/// What a page weighs and asks, in a few words.
async fn weight(server: &Server, wires: &[Wire]) -> anyhow::Result<String> {
    let bytes = once(server.address, &wires[0], 200).await?.body().len();
    let asked = statements(server, wires).await?;
    let asked = asked.map_or_else(|| "?".to_owned(), |asked| format!("{asked:.1}"));
    Ok(format!("{bytes} bytes, {asked} statements"))
}

/// The median of one page after another on one connection, each round in microseconds.
async fn alone(run: &Run, server: &Server, wires: &Rc<Vec<Wire>>) -> anyhow::Result<Vec<f64>> {
    let mut medians = Vec::new();
    for round in 0..=run.options.rounds() {
        let mut load = read(server.address, wires, 1, run.options.lasting()).await?;
        if round > 0 {
            medians.push(load.quantile(0.5));
        }
    }
    Ok(medians)
}

pub(crate) async fn cohort(run: &mut Run) -> anyhow::Result<()> {
    let world = run.large().await?;
    let first = world.cohorts.first().cloned().unwrap_or_default();
    let mut covering = Covering::make(&world, &first).await?;
    let app = Server::app(&world.url, Cores::First)?;
    let wires = cohorts(&world, 0, 1);
    let every = cohorts(&world, 0, 1_000);
    let mut note = weight(&app, &wires).await?;
    let (mut ours, mut theirs, mut around) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=run.options.rounds() {
        let mut one = read(app.address, &wires, 1, run.options.lasting()).await?;
        let mut counts = Vec::new();
        let mut counted = 0;
        for _ in 0..20 {
            let (took, answers) = covering.count().await?;
            counts.push(took);
            counted = answers;
        }
        let mut all = read(app.address, &every, 1, run.options.lasting()).await?;
        if round > 0 {
            ours.push(one.quantile(0.5));
            theirs.push(crate::report::Spread::of(&counts).median);
            around.push(all.quantile(0.5));
        }
        if round == 1 {
            note = format!("{note}, {counted} answers");
        }
    }
    let each_second = |medians: &[f64]| medians.iter().map(|median| 1e6 / median).collect::<Vec<_>>();
    let row = Row::new("cohort_10m", "the overview of one cohort, /s on 1 conn.", "/s", &each_second(&ours));
    let row = row.beside("R4", &each_second(&theirs)).note(note);
    run.report.add(row.target(Target::RatioAtLeast(25.0)));
    let row = Row::new("cohort_10m", "the overview of one cohort, p50", "µs", &ours).beside("R4", &theirs);
    run.report.add(row.target(Target::AtMost(1_500.0)));
    let what = format!("{} cohorts in turn, p50", every.len());
    run.report.add(Row::new("cohort_10m", what, "µs", &around));
    app.stop()
}

pub(crate) async fn organisation(run: &mut Run) -> anyhow::Result<()> {
    let world = run.large().await?;
    let app = Server::app(&world.url, Cores::First)?;
    let wires = everything(&world);
    let note = format!("{} cohorts, {}", world.cohorts.len(), weight(&app, &wires).await?);
    let rounds = alone(run, &app, &wires).await?;
    let row = Row::new("organisation_10m", "every cohort, p50", "µs", &rounds);
    run.report.add(row.target(Target::AtMost(1_500.0)).note(note));
    app.stop()
}

pub(crate) async fn nurse(run: &mut Run) -> anyhow::Result<()> {
    let world = run.large().await?;
    let app = Server::app(&world.url, Cores::First)?;
    let wires = own(&world, 1_000);
    let note = weight(&app, &wires).await?;
    let rounds = alone(run, &app, &wires).await?;
    let row = Row::new("nurse_10m", "her own practice, p50", "µs", &rounds);
    run.report.add(row.target(Target::AtMost(500.0)).note(note));
    app.stop()
}
