import { HOME } from "../model/route.ts";
import { words } from "../words.ts";
import { AccessView } from "./access.tsx";
import { AccountView } from "./account.tsx";
import { AuditView } from "./audit.tsx";
import { BansView } from "./bans.tsx";
import { ContentsView, ContentView } from "./contents.tsx";
import { useDesk } from "./context.ts";
import { EdgesView, EdgeView } from "./edges.tsx";
import { EventsView } from "./events.tsx";
import { OverviewView } from "./overview.tsx";
import { Title } from "./parts.tsx";
import { SettingsView } from "./settings.tsx";
import { EditSiteView, NewSiteView } from "./site-form.tsx";
import { SitesView, SiteView } from "./sites.tsx";
import { SwarmsView, SwarmView } from "./swarms.tsx";

/** The view that the address names. */
export function View() {
	const [view = HOME, first, second] = useDesk().route.parts;
	switch (view) {
		case HOME:
			return <OverviewView />;
		case "sites":
			if (!first) return <SitesView />;
			if (first === "+") return <NewSiteView />;
			return second === "edit" ? <EditSiteView id={first} /> : <SiteView id={first} />;
		case "contents":
			return first && second ? <ContentView site={first} content={second} /> : <ContentsView />;
		case "swarms":
			return first && second ? <SwarmView site={first} content={second} /> : <SwarmsView />;
		case "edges":
			return first && second ? <EdgeView site={first} fingerprint={second} /> : <EdgesView />;
		case "events":
			return <EventsView />;
		case "bans":
			return <BansView />;
		case "settings":
			return <SettingsView />;
		case "access":
			return <AccessView />;
		case "audit":
			return <AuditView />;
		case "account":
			return <AccountView />;
		default:
			return (
				<>
					<Title>{words.lost.title}</Title>
					<p>{words.lost.text}</p>
				</>
			);
	}
}
