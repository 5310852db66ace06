//! Shapes of the organization area.

use crate::wire::InstitutionRef;
use organization::{CurrentAppointment, Institution};
use serde::Serialize;
use utoipa::ToSchema;

/// An institution as its own page shows it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Institution)]
pub(crate) struct InstitutionWire {
    #[serde(flatten)]
    pub institution: InstitutionRef,
    pub parent: Option<InstitutionRef>,
    /// The 12-digit bank code of the payment system.
    pub cnaps_code: Option<String>,
    /// One per day with hours; 1 is Monday.
    pub opening_hours: Vec<OpeningSpan>,
    /// Institutions directly below.
    pub children: Option<usize>,
    /// The first date on which it works no more.
    pub closed_on: Option<String>,
    /// Rises with each edit; the `ETag`.
    pub version: i64,
}

/// Hours of one weekday.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OpeningSpan {
    pub weekday: u8,
    #[schema(example = "08:30")]
    pub from: String,
    #[schema(example = "17:00")]
    pub until: String,
}

impl InstitutionWire {
    pub fn new(institution: &Institution, parent: Option<&Institution>, children: Option<usize>) -> Self {
        Self {
            institution: InstitutionRef::from(institution),
            parent: parent.map(InstitutionRef::from),
            cnaps_code: institution.cnaps.clone(),
            opening_hours: spans(institution),
            children,
            closed_on: institution.closed_on.map(|date| date.to_string()),
            version: institution.version,
        }
    }
}

fn spans(institution: &Institution) -> Vec<OpeningSpan> {
    let days = (1u8..).zip(institution.opening.week());
    days.flat_map(|(weekday, text)| {
        let spans = text.split(',').filter_map(|span| span.split_once('-'));
        spans.map(move |(from, until)| OpeningSpan {
            weekday,
            from: from.trim().to_owned(),
            until: until.trim().to_owned(),
        })
    })
    .collect()
}

/// A post that somebody holds.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Appointment)]
pub(crate) struct AppointmentWire {
    pub appointment_id: String,
    pub post_id: String,
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub institution: InstitutionRef,
    pub from: String,
    pub until: Option<String>,
}

impl From<&CurrentAppointment> for AppointmentWire {
    fn from(held: &CurrentAppointment) -> Self {
        let CurrentAppointment { appointment, post, institution } = held;
        Self {
            appointment_id: appointment.appointment_id.to_string(),
            post_id: post.post_id.to_string(),
            code: post.code.clone(),
            name_zh: post.name_zh.clone(),
            name_en: post.name_en.clone(),
            institution: InstitutionRef::from(institution),
            from: appointment.from.to_string(),
            until: appointment.until.map(|date| date.to_string()),
        }
    }
}

/// A person of the bank or of a vendor.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StaffMember)]
pub(crate) struct StaffWire {
    pub person_id: String,
    pub employee_no: String,
    pub name: String,
    #[schema(value_type = crate::words::PersonCategory)]
    pub category: &'static str,
    pub institution: InstitutionRef,
    /// What the person holds today.
    pub posts: Vec<AppointmentWire>,
}
