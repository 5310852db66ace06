// A page that throws takes down itself, not the console.
import { Button } from "antd";
import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useRouteError } from "react-router";

interface Props {
  /** Where the person is; going elsewhere gives the page another chance. */
  place: string;
  children: ReactNode;
}

export class Boundary extends Component<Props, { failed: boolean; error: unknown }> {
  override state: { failed: boolean; error: unknown } = { failed: false, error: null };

  static getDerivedStateFromError(error: unknown) {
    return { failed: true, error };
  }

  override componentDidUpdate(before: Props) {
    if (this.state.failed && before.place !== this.props.place) this.setState({ failed: false, error: null });
  }

  override render() {
    return this.state.failed ? <Crashed error={this.state.error} /> : this.props.children;
  }
}

/** What a browser says when a part of the console could not be fetched: the line is down, or a new version has taken its place. */
const NOT_LOADED = /dynamically imported module|importing a module script failed|Unable to preload/i;

/** For the router, which hands its errors over in its own way. */
export function RouteCrashed() {
  return <Crashed error={useRouteError()} />;
}

export function Crashed({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const missing = error instanceof Error && NOT_LOADED.test(error.message);
  return (
    <div className="sn-state" role="alert">
      <p className="sn-state-title">{t(missing ? "error.notLoaded" : "error.crashed")}</p>
      <p className="sn-state-text">{t(missing ? "error.notLoaded.hint" : "error.crashed.hint")}</p>
      <Button onClick={() => window.location.reload()}>{t("error.reload")}</Button>
    </div>
  );
}
