//! `cargo xtask demo`: the whole product with a bank in it, on this machine, from one command.
//!
//! Everything it makes is below `data/demo`; a second start uses it again and takes seconds.
//! It starts the product's own programs as a person would, and stops them in order.

mod actors;
mod build;
mod folder;
mod http;
mod port;
mod prerequisites;
mod sign_ins;

use crate::interrupts::Interrupts;
use crate::problem::{Explain as _, Problem, Result};
use crate::progress::spoken;
use crate::tree::Tree;
use actors::{Actors, Pace};
use folder::Folder;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

#[derive(clap::Args)]
pub struct Arguments {
    /// Begins anew: removes what an earlier demonstration left below data/demo.
    #[arg(long)]
    fresh: bool,
    /// Where the console is reached on this machine.
    #[arg(long, default_value_t = 8470, value_name = "N")]
    port: u16,
    /// How many times faster than real the simulated outlets and people work.
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    speed: u32,
    /// A PostgreSQL to use instead of an embedded database: an empty one, `postgres://…`.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Leaves all keying, checking and authorizing to you.
    #[arg(long)]
    no_simulated_people: bool,
    /// A folder of real voucher images that the outlets send besides the rendered ones.
    #[arg(long, value_name = "DIR")]
    documents: Option<PathBuf>,
    /// The demonstration province is made from this number: the same number, the same bank. 1 unless told.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

/// The server's configuration, which other commands read too.
pub fn config_file(tree: &Tree) -> PathBuf {
    folder::root(tree).join("shuniu.toml")
}

pub fn run(tree: &Tree, interrupts: &Interrupts, arguments: &Arguments) -> Result<ExitCode> {
    let began = Instant::now();
    prerequisites::check()?;
    let documents = documents(arguments)?;
    folder::end_former_run(tree)?;
    port::check(arguments.port)?;
    build::all(tree, interrupts)?;
    let folder = Folder::open(tree, arguments.database.as_deref(), arguments.seed, arguments.fresh)?;
    let mut actors = Actors::new(tree, &folder);
    let outcome = perform(&mut actors, &folder, interrupts, arguments, documents, began);
    // The Ctrl-C that ended it is used up; a second one means: at once.
    interrupts.clear();
    let stopped = actors.stop(interrupts);
    let code = outcome?;
    stopped.map(|()| code)
}

/// Starts everything in order, says what there is to see, and stays until somebody or something ends it.
fn perform(
    actors: &mut Actors<'_>,
    folder: &Folder,
    interrupts: &Interrupts,
    arguments: &Arguments,
    documents: Option<PathBuf>,
    began: Instant,
) -> Result<ExitCode> {
    let url = format!("http://127.0.0.1:{}", arguments.port);
    let core = actors.start_core(interrupts)?;
    folder.write_config(arguments.port, &core)?;
    if folder.is_new() {
        actors.seed(&core, folder.seed(), interrupts)?;
        actors.draw_samples(folder.seed(), interrupts)?;
        folder.mark_ready()?;
    }
    actors.start_server(&url, arguments.port, interrupts)?;
    let pace = Pace { seed: folder.seed(), speed: arguments.speed };
    actors.start_outlets(&url, pace, documents.as_deref())?;
    if !arguments.no_simulated_people {
        actors.start_people(&url, pace, documents.as_deref())?;
    }
    println!("\nReady after {}.", spoken(began.elapsed()));
    print!("{}", sign_ins::sheet(folder, &url, arguments.no_simulated_people));
    println!("\nCtrl-C stops everything. Logs: {}", folder.logs().display());
    stay(actors, interrupts)
}

fn stay(actors: &mut Actors<'_>, interrupts: &Interrupts) -> Result<ExitCode> {
    while !interrupts.raised() {
        actors.watch()?;
        std::thread::sleep(Duration::from_millis(200));
    }
    Ok(ExitCode::SUCCESS)
}

fn documents(arguments: &Arguments) -> Result<Option<PathBuf>> {
    let Some(folder) = &arguments.documents else { return Ok(None) };
    if !folder.is_dir() {
        return Err(Problem::new(format!("--documents names {}, which is not a folder", folder.display())));
    }
    folder.canonicalize().map(Some).explain(|| format!("{} cannot be reached", folder.display()))
}
