//! The work engine on a real database of either engine, on a clock that stands still until it is told to move.

mod acts;
mod ageing;
mod board;
mod defects;
mod dispatch;
mod holds;
mod presence;
mod simulation;
mod world;
