//! Setting a bank up before anybody can sign in.

use crate::config::Config;
use crate::error::CliError;
use crate::process;
use identity::{HashParameters, Rules};
use journal::{Command, Subject};
use std::path::PathBuf;
use std::process::ExitCode;

/// Loads definitions from files; the same file again changes nothing.
pub async fn definitions(config: &Config, files: &[PathBuf]) -> Result<ExitCode, CliError> {
    let process = process::open(config).await?;
    for path in files {
        let text = std::fs::read_to_string(path).map_err(|error| CliError::File { path: path.clone(), error })?;
        let key = kernel::hash::HashSuite::Sha256.digest(&[text.as_bytes()]).to_string();
        let command =
            Command::of_machine("processing.business_type.load", "command-line", key, Subject::named("business_types"));
        let loaded = process.journal.run(command, move |cx| {
            let texts = vec![text.clone()];
            Box::pin(async move { processing::definition::load_at_setup(cx, &texts).await })
        });
        loaded.await?.value()?;
        eprintln!("{}: loaded", path.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the two codes, each once; they are not kept anywhere.
pub async fn bootstrap(config: &Config, employees: &[String]) -> Result<ExitCode, CliError> {
    let process = process::open(config).await?;
    let mut people = Vec::with_capacity(2);
    let mut reader = process.journal.db.reader().await?;
    for number in employees {
        let found = organization::staff::find_by_employee_no(&mut reader, number).await?;
        people.push(
            found
                .ok_or_else(|| CliError::Usage(format!("there is no person with the employee number {number}")))?
                .person_id,
        );
    }
    drop(reader);
    let [first, second] = <[kernel::PersonId; 2]>::try_from(people)
        .map_err(|_| CliError::Usage("name two people: nobody begins alone".into()))?;
    let codes =
        identity::activation::bootstrap(&process.journal, &Rules::new(HashParameters::PRODUCTION)?, [first, second])
            .await?;
    for (number, code) in employees.iter().zip(&codes) {
        println!("{number} {}", code.reveal());
    }
    eprintln!("give each code to its person; it opens the account once, within a day");
    Ok(ExitCode::SUCCESS)
}
