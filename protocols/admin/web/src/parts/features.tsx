// The doors and what else can be switched, one row each: what counts, who says so, and the way back to what the
// level above says.
import type { FeatureName, Features, FeatureValue } from "../../generated/contract";
import { featureName, features } from "../format";
import { attempt } from "./notices";
import { Mark } from "./show";
import { Switch } from "./switch";

export interface FeatureWord {
  feature: FeatureName;
  word: boolean | null; // null: no word of its own
}

const notes: Partial<Record<FeatureName, string>> = {
  pop3: "Mail is downloaded to one computer",
  imap: "Mail stays on the server, for many programs",
  mobile_sync: "Push to phones, by ActiveSync; paid extra",
  submission: "Sending through this server",
  recovery_for_pop: "Also of what POP3 deletes",
  self_service: "The user may sign in to this page",
};

interface FeatureRowsProps {
  values: Features;
  of: "domain" | "account";
  mayChange: boolean;
  onChange: (word: FeatureWord) => Promise<unknown>;
  onForAll?: (word: FeatureWord) => void;
}

export function FeatureRows({ values, of, mayChange, onChange, onForAll }: FeatureRowsProps) {
  return (
    <ul class="features">
      {features.map((feature) => {
        const value = values[feature] as FeatureValue | undefined;
        if (!value) return null;
        const own = value.from === of;
        return (
          <li key={feature}>
            <div class="what">
              <b>{featureName(feature)}</b> <span class="dim">{notes[feature]}</span>
            </div>
            <div class="source">
              {own ? <Mark tone="calm">set here</Mark> : <span class="dim">from the {value.from}</span>}
              {own && mayChange && (
                <button
                  type="button"
                  class="quiet small"
                  onClick={() => void attempt(() => onChange({ feature, word: null }))}
                  aria-label={`${featureName(feature)}: Follow the ${above(value, of)} (${aboveIsOn(value, of) ? "on" : "off"})`}
                >
                  Follow the {above(value, of)} ({aboveIsOn(value, of) ? "on" : "off"})
                </button>
              )}
              {onForAll && mayChange && (
                <button
                  type="button"
                  class="quiet small"
                  onClick={() => onForAll({ feature, word: value.enabled })}
                  aria-label={`${featureName(feature)}: Same for every account`}
                >
                  Same for every account
                </button>
              )}
            </div>
            <Switch
              on={value.enabled}
              label={featureName(feature)}
              disabled={!mayChange}
              onChange={(on) => onChange({ feature, word: on })}
            />
          </li>
        );
      })}
    </ul>
  );
}

function above(value: FeatureValue, of: "domain" | "account"): string {
  return of === "account" && value.domain !== null ? "domain" : "plan";
}

function aboveIsOn(value: FeatureValue, of: "domain" | "account"): boolean {
  return of === "account" && value.domain !== null ? value.domain : value.plan;
}
