//! The configuration: a TOML file, then `SHUNIU__SECTION__KEY` of the environment. An unknown key is an error.

use crate::error::CliError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

/// Everything that is set from outside.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    #[serde(default)]
    pub server: Server,
    pub database: DatabaseSection,
    pub blobs: BlobsSection,
    pub keys: Keys,
    pub core: Core,
    #[serde(default)]
    pub jobs: Jobs,
    #[serde(default)]
    pub demo: Demo,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    pub listen: SocketAddr,
    /// Names this server among those that share the database; by itself it is `<host name>:<bound address>`.
    /// No two that run may have the same.
    pub node: Option<String>,
    /// The server is reached over TLS, by a proxy before it: cookies over TLS only, and `Strict-Transport-Security` on every answer.
    /// Off for plain HTTP on a loop-back address.
    pub secure_cookies: bool,
    /// Proxies whose `X-Forwarded-For` is believed; without it all people behind one share the bound on sign-ins of an address.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Default for Server {
    fn default() -> Self {
        Self { listen: ([127, 0, 0, 1], 8470).into(), node: None, secure_cookies: true, trusted_proxies: Vec::new() }
    }
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSection {
    /// `sqlite:///path/to/file` or `postgres://…`.
    pub url: String,
}

impl DatabaseSection {
    /// The address with its password masked, for people and logs.
    pub fn shown(&self) -> String {
        let Some((scheme, rest)) = self.url.split_once("://") else { return self.url.clone() };
        match rest.rsplit_once('@') {
            Some((user, host)) => format!("{scheme}://{}:***@{host}", user.split(':').next().unwrap_or_default()),
            None => self.url.clone(),
        }
    }
}

/// Where images and files are kept: `folder`, or what a bucket needs, and never both.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(
    untagged,
    expecting = "[blobs] takes either `folder`, or `endpoint`, `bucket`, `access_key_id` and `secret_access_key_file`"
)]
pub enum BlobsSection {
    Folder(FolderSection),
    Bucket(BucketSection),
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FolderSection {
    pub folder: PathBuf,
}

/// A bucket of an S3-compatible service.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BucketSection {
    /// `http://host:port`; where the service wants TLS, that of a proxy beside this process.
    pub endpoint: String,
    #[serde(default = "any_region")]
    pub region: String,
    pub bucket: String,
    pub access_key_id: String,
    pub secret_access_key_file: PathBuf,
}

/// What services without regions are asked with.
fn any_region() -> String {
    "us-east-1".into()
}

impl BlobsSection {
    /// The place, for people and logs.
    pub fn shown(&self) -> String {
        match self {
            Self::Folder(FolderSection { folder }) => folder.display().to_string(),
            Self::Bucket(BucketSection { endpoint, bucket, .. }) => format!("{endpoint}/{bucket}"),
        }
    }
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    pub master_key_file: PathBuf,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Core {
    pub url: String,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Jobs {
    /// Jobs that run side by side on this node.
    pub lanes: usize,
}

impl Default for Jobs {
    fn default() -> Self {
        Self { lanes: 4 }
    }
}

#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Demo {
    /// Plain-HTTP cookies, cheap password hashes, many sign-ins from one address: for the demonstration on one machine, nowhere else.
    pub enabled: bool,
}

/// Prefix of the environment's keys.
const PREFIX: &str = "SHUNIU__";

/// Reads the file and lets the environment go before it.
pub fn read(path: &Path) -> Result<Config, CliError> {
    Ok(read_with(path, std::env::vars())?.0)
}

/// The configuration, and for each value that the environment set the name of its variable.
pub fn read_with(
    path: &Path,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<(Config, BTreeMap<String, String>), CliError> {
    let refused = |what: String| CliError::Config { path: path.to_owned(), what };
    let text = std::fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
    let mut table: toml::Table = text.parse().map_err(|error: toml::de::Error| refused(error.message().to_owned()))?;
    let mut origins = BTreeMap::new();
    for (name, value) in environment {
        let Some(place) = name.strip_prefix(PREFIX) else { continue };
        let Some((section, key)) = place.split_once("__") else {
            return Err(refused(format!("`{name}` is not {PREFIX}SECTION__KEY")));
        };
        let (section, key) = (section.to_lowercase(), key.to_lowercase());
        let entry = table.entry(section.clone()).or_insert_with(|| toml::Value::Table(toml::Table::new()));
        let Some(entries) = entry.as_table_mut() else {
            return Err(refused(format!("`{section}` is not a section")));
        };
        entries.insert(key.clone(), scalar(&value));
        origins.insert(format!("{section}.{key}"), name);
    }
    let config: Config = table.try_into().map_err(|error: toml::de::Error| refused(error.message().to_owned()))?;
    config.check_addresses().map_err(refused)?;
    Ok((config, origins))
}

impl Config {
    /// The client of this process links no TLS: an address that wants it would fail at the first image or the first posting.
    fn check_addresses(&self) -> Result<(), String> {
        let endpoint = match &self.blobs {
            BlobsSection::Bucket(bucket) => Some(("blobs.endpoint", bucket.endpoint.as_str())),
            BlobsSection::Folder(_) => None,
        };
        for (key, address) in endpoint.into_iter().chain([("core.url", self.core.url.as_str())]) {
            let is_plain = address.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"));
            if !is_plain {
                return Err(format!(
                    "`{key}` must begin with http://: this process speaks no TLS itself. \
                     Where the service wants TLS, let a proxy on this machine speak it, and name the proxy here"
                ));
            }
        }
        Ok(())
    }
}

/// A variable's text as the TOML value that it looks like.
fn scalar(text: &str) -> toml::Value {
    match text {
        "true" => toml::Value::Boolean(true),
        "false" => toml::Value::Boolean(false),
        _ => text.parse::<i64>().map_or_else(|_| toml::Value::String(text.to_owned()), toml::Value::Integer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[database]\nurl = \"sqlite:///x.db\"\n[blobs]\nfolder = \"b\"\n[keys]\nmaster_key_file = \"k\"\n[core]\nurl = \"http://127.0.0.1:1\"\n";

    fn read(text: &str, environment: &[(&str, &str)]) -> Result<(Config, BTreeMap<String, String>), CliError> {
        let folder = std::env::temp_dir().join(format!("shuniu-config-{:?}", std::thread::current().id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("shuniu.toml");
        std::fs::write(&path, text).expect("written");
        read_with(&path, environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn the_environment_goes_before_the_file_and_says_so() {
        let (config, origins) = read(GOOD, &[("SHUNIU__SERVER__LISTEN", "127.0.0.1:9"), ("HOME", "/")]).expect("good");
        assert_eq!(config.server.listen.port(), 9);
        assert_eq!(origins.get("server.listen").map(String::as_str), Some("SHUNIU__SERVER__LISTEN"));
        assert_eq!(config.jobs.lanes, 4, "a default");
    }

    #[test]
    fn unknown_keys_and_missing_sections_are_refused() {
        assert!(read(&format!("{GOOD}[server]\nlisten_on = \"x\"\n"), &[]).is_err());
        assert!(read(&format!("{GOOD}[superuser]\nname = \"x\"\n"), &[]).is_err());
        assert!(read("", &[]).is_err());
        assert!(read(GOOD, &[("SHUNIU__SERVER__ENFORCE", "false")]).is_err(), "no switch turns a control off");
        assert!(read(GOOD, &[("SHUNIU__SERVER", "x")]).is_err());
    }

    #[test]
    fn images_lie_in_a_folder_or_in_a_bucket_and_not_in_both() {
        let bucket = "endpoint = \"http://s3\"\nbucket = \"v\"\naccess_key_id = \"k\"\nsecret_access_key_file = \"s\"";
        let with = |section: &str| read(&GOOD.replace("folder = \"b\"", section), &[]);
        assert_eq!(with("folder = \"b\"").expect("a folder").0.blobs.shown(), "b");
        assert_eq!(with(bucket).expect("a bucket").0.blobs.shown(), "http://s3/v");
        for wrong in [format!("folder = \"b\"\n{bucket}"), "endpoint = \"http://s3\"".to_owned(), String::new()] {
            let said = with(&wrong).expect_err("it is neither").to_string();
            assert!(said.contains("[blobs] takes either"), "{said}");
        }
    }

    #[test]
    fn an_address_that_wants_tls_is_refused_in_words_because_none_is_linked() {
        let bucket = "endpoint = \"https://s3\"\nbucket = \"v\"\naccess_key_id = \"k\"\nsecret_access_key_file = \"s\"";
        let texts = [
            ("blobs.endpoint", GOOD.replace("folder = \"b\"", bucket)),
            ("core.url", GOOD.replace("http://127.0.0.1:1", "https://core")),
            ("core.url", GOOD.replace("http://127.0.0.1:1", "core:7001")),
        ];
        for (key, text) in texts {
            let said = read(&text, &[]).expect_err("no TLS").to_string();
            assert!(said.contains(&format!("`{key}` must begin with http://")) && said.contains("proxy"), "{said}");
        }
        let loud = GOOD.replace("http://127.0.0.1:1", "HTTP://core");
        assert_eq!(read(&loud, &[]).expect("a scheme in capitals is the same").0.core.url, "HTTP://core");
    }

    #[test]
    fn a_password_in_an_address_is_never_shown() {
        let shown = |url: &str| DatabaseSection { url: url.to_owned() }.shown();
        assert_eq!(shown("postgres://bank:s3cret@db/x"), "postgres://bank:***@db/x");
        assert_eq!(shown("postgres://bank:p@ss@db/x"), "postgres://bank:***@db/x");
        assert_eq!(shown("sqlite:///data/shuniu.db"), "sqlite:///data/shuniu.db");
    }
}
