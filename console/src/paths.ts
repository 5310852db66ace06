// Every address of the console. Nothing else writes one.

const list = (path: string, query: Record<string, string | undefined> = {}): string => {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== "") parameters.set(name, value);
  const text = parameters.toString();
  return text === "" ? path : `${path}?${text}`;
};

export const paths = {
  home: () => "/",
  signIn: () => "/identity/sign-in",
  activation: () => "/identity/activation",
  password: () => "/identity/password",
  sessions: (person?: string) => list("/identity/sessions", { person }),

  capture: () => "/processing/capture",
  captureItem: (item: string) => `/processing/capture/${item}`,
  items: (filter: { state?: string; business_type?: string; mine?: string } = {}) => list("/processing/items", filter),
  item: (item: string) => `/processing/items/${item}`,
  trace: (item: string) => `/processing/items/${item}/trace`,
  returned: (state?: string) => list("/processing/returned", { state }),

  board: () => "/work/board",
  work: (filter: { queue?: string; state?: string } = {}) => list("/work/items", filter),

  institutions: (under?: string) => list("/organization/institutions", { under }),
  staff: (institution?: string) => list("/organization/staff", { institution }),
  person: (person: string) => `/organization/staff/${person}`,
  posts: () => "/organization/posts",

  journal: (subject?: string) => list("/journal/entries", { subject }),
  jobs: () => "/jobs/dead",
  keyingReport: () => "/reports/keying",

  keying: () => "/stations/keying",
  checking: () => "/stations/checking",
  refusalReview: () => "/stations/refusal-review",
  authorizing: () => "/stations/authorizing",
} as const;
