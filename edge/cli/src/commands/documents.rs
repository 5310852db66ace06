//! What the product says of itself.

use crate::config;
use crate::error::CliError;
use std::path::Path;
use std::process::ExitCode;

/// The OpenAPI document, pretty-printed, so that a change of it is a readable difference.
pub fn openapi() -> Result<ExitCode, CliError> {
    let text = web::openapi().to_pretty_json().map_err(|error| CliError::Process(error.to_string()))?;
    println!("{text}");
    Ok(ExitCode::SUCCESS)
}

/// Every state machine with its diagram, for `docs/generated/states.md`.
pub fn states() -> Result<ExitCode, CliError> {
    let machines = [
        ("Item 业务", processing::item::TRANSITIONS.diagram()),
        ("Work item 任务", work::TRANSITIONS.diagram()),
        ("Presence 在岗状态", work::PRESENCE_TRANSITIONS.diagram()),
    ];
    println!("# State machines");
    println!();
    println!("Made from the `TRANSITIONS` tables by `cargo xtask generate`; what no arrow shows is refused.");
    for (title, diagram) in machines {
        print!("\n## {title}\n\n```mermaid\n{diagram}```\n");
    }
    Ok(ExitCode::SUCCESS)
}

/// The policy as it is compiled in.
pub fn matrix() -> Result<ExitCode, CliError> {
    print!("{}", permission::policy::matrix());
    Ok(ExitCode::SUCCESS)
}

/// The configuration in force. It holds paths of secrets, never secrets; a password inside a database address is masked.
pub fn show(path: &Path, origin: bool) -> Result<ExitCode, CliError> {
    let (mut config, origins) = config::read_with(path, std::env::vars())?;
    config.database.url = config.database.shown();
    let text = toml::to_string(&config).map_err(|error| CliError::Process(error.to_string()))?;
    print!("{text}");
    if origin {
        println!("\n# every value comes from {} or is a default, but for:", path.display());
        for (place, variable) in origins {
            println!("# {place} from {variable}");
        }
    }
    Ok(ExitCode::SUCCESS)
}
