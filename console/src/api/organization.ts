// Institutions, posts, people and who holds which post.
import { command, get, type Intent, type Query } from "./client";
import type { Institution, Listing, Post, StaffMember } from "./types";

type Page = { cursor?: string | undefined; limit: number };

export const readInstitutions = (filter: Query, page: Page, signal?: AbortSignal) =>
  get<Listing<Institution>>("/organization/institutions", { ...filter, ...page }, signal);

export const readInstitution = (id: string, signal?: AbortSignal) => get<Institution>(`/organization/institutions/${id}`, {}, signal);

export const readPosts = async (signal?: AbortSignal): Promise<Post[]> => {
  const answer = await get<Post[] | Listing<Post>>("/organization/posts", {}, signal);
  return Array.isArray(answer) ? answer : answer.items;
};

export const readStaff = (filter: Query, page: Page, signal?: AbortSignal) =>
  get<Listing<StaffMember>>("/organization/staff", { ...filter, ...page }, signal);

export const readPerson = (id: string, signal?: AbortSignal) => get<StaffMember>(`/organization/staff/${id}`, {}, signal);

export interface NewAppointment {
  person_id: string;
  post_id: string;
  institution_id: string;
  from: string;
  until?: string;
}

export const appoint = (appointment: NewAppointment, intent: Intent) =>
  command<undefined>("POST", "/organization/appointments", appointment, { intent });

export const endAppointment = (id: string, reason: string, intent: Intent) =>
  command<undefined>("DELETE", `/organization/appointments/${id}`, { reason }, { intent });
