/** The whole console: providers, then the pages. */
export function App() {
  return null;
}
