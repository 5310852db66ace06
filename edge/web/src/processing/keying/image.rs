use super::super::wire::Fenced;
use super::{ImageLink, Keyer};
use crate::App;
use crate::archive::links;
use crate::extract::{At, Either, Json};
use crate::problem::Reply;
use axum::extract::State;
use kernel::WorkItemId;
use processing::keying;

/// A fresh link to the slice, when the first was used or has expired.
#[utoipa::path(post, path = "/processing/keying/{work_item_id}/image", operation_id = "slice_image", request_body = Fenced, responses((status = 200, body = ImageLink)))]
pub(crate) async fn image(
    keyer: Keyer,
    State(app): State<App>,
    At(work_item): At<WorkItemId>,
    body: Json<Fenced>,
) -> Reply<Json<ImageLink>> {
    let fence = body.value.fence;
    let target = match &keyer {
        Either::One(permit, _) => keying::image(&app.journal, permit, &work_item, fence).await?,
        Either::Other(permit, _) => keying::image(&app.journal, permit, &work_item, fence).await?,
    };
    Ok(Json::of(ImageLink { image_url: links::address(&app, keyer.session(), &target)? }))
}
