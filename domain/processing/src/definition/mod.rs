//! Business types: what a voucher of a kind looks like, how it is keyed, checked, authorized and posted.
//!
//! A definition is a versioned, effective-dated TOML document. Items keep the version under which they were opened.

mod model;
mod parse;
mod store;
#[cfg(test)]
mod tests;

pub use model::{
    AccountSource, AuthorizeRule, BusinessType, CheckRule, CheckSpec, ChecklistPoint, FieldSpec, KeyMode, PageSpec,
    PartSpec, PostingTemplate, Sensitivity,
};
pub use parse::{DefinitionError, field_kind_name, field_kind_names, parse};
pub(crate) use store::of_item;
pub use store::{all_in_force, find, in_force};

use journal::{Answer, Cx, Entry, Recorded};
use kernel::{Code, Refusal};
use permission::{Permit, act};
use serde_json::json;

/// Loads a definition document as a new version.
/// The same text again is the same version; another text under a version that exists is refused.
pub async fn load(mut cx: Cx<'_>, _permit: &Permit<act::EditBusinessType>, text: &str) -> Answer<Recorded<String>> {
    let receipt = insert(&mut cx, text).await?;
    Ok(receipt.1.done(receipt.0))
}

/// Loads definitions when a bank is set up, before anyone can sign in.
pub async fn load_at_setup(mut cx: Cx<'_>, texts: &[String]) -> Answer<Recorded<()>> {
    let mut last = None;
    for text in texts {
        last = Some(insert(&mut cx, text).await?.1);
    }
    last.map(|receipt| receipt.done(()))
        .ok_or_else(|| Refusal::detailed(Code::InvalidDefinition, "没有业务定义", "there is no definition").into())
}

async fn insert(cx: &mut Cx<'_>, text: &str) -> Answer<(String, journal::Receipt)> {
    let definition = parse(text).map_err(|error| Refusal::with(Code::InvalidDefinition, &error).at(error.place()))?;
    let name = format!("{}/{}", definition.code, definition.version);
    let digest = kernel::hash::HashSuite::Sha256.digest(&[text.as_bytes()]).to_string();
    if let Some(existing) = store::digest(cx.tx, &definition.code, definition.version).await?
        && existing != digest
    {
        let (zh, en) = (
            "该版本已存在且内容不同，请使用新的版本号",
            "this version exists with another content, use a new version number",
        );
        return Err(Refusal::detailed(Code::InvalidDefinition, zh, en).at("version").into());
    }
    store::insert(cx.tx, &definition, text, &digest, cx.now).await?;
    let subject = journal::Subject::named(format!("business_type/{}", definition.code));
    let payload = json!({ "version": definition.version, "digest": digest, "effective_from": definition.effective_from.to_string() });
    let receipt = cx.append(Entry::named(subject, "processing.business_type.load", payload)).await?;
    Ok((name, receipt))
}
