import { type ComponentType, lazy } from 'react'
import { Navigate, Route, Routes } from 'react-router'
import { needWords } from './i18n/i18n.js'
import type { Part } from './i18n/messages.js'
import { NotFound } from './pages/NotFound.js'
import { AdministratorsOnly } from './pages/Shell/AdministratorsOnly.js'
import { Shell } from './pages/Shell/Shell.js'
import { SignIn } from './pages/SignIn/SignIn.js'
import { Sites } from './pages/Sites/Sites.js'

/** A page that is loaded when somebody goes there, together with the texts that it needs. */
function laterPage(load: () => Promise<ComponentType>, ...texts: Part[]) {
  return lazy(async () => {
    const [page] = await Promise.all([load(), needWords('later', ...texts)])
    return { default: page }
  })
}
const administratorsPage = (load: () => Promise<ComponentType>, ...texts: Part[]) =>
  laterPage(load, 'administration', ...texts)

const CreateSite = laterPage(async () => (await import('./pages/CreateSite/CreateSite.js')).CreateSite)
const SiteLayout = laterPage(async () => (await import('./pages/Site/SiteLayout.js')).SiteLayout)
const Overview = laterPage(async () => (await import('./pages/Site/Overview/Overview.js')).Overview)
const Files = laterPage(async () => (await import('./pages/Site/Files/Files.js')).Files)
const Terminal = laterPage(async () => (await import('./pages/Site/Terminal/Terminal.js')).Terminal)
const Database = laterPage(async () => (await import('./pages/Site/Database/Database.js')).Database, 'database')
const Access = laterPage(async () => (await import('./pages/Site/Access/Access.js')).Access)
const Domains = laterPage(async () => (await import('./pages/Site/Domains/Domains.js')).Domains)
const Logs = laterPage(async () => (await import('./pages/Site/Logs/Logs.js')).Logs)
const Graphs = laterPage(async () => (await import('./pages/Site/Graphs/Graphs.js')).Graphs)
const Backups = laterPage(async () => (await import('./pages/Site/Backups/Backups.js')).Backups)
const Visitors = laterPage(async () => (await import('./pages/Site/Visitors/Visitors.js')).Visitors)
const Sharing = laterPage(async () => (await import('./pages/Site/Sharing/Sharing.js')).Sharing)
const Settings = laterPage(async () => (await import('./pages/Site/Settings/Settings.js')).Settings)
const SiteActivity = laterPage(
  async () => (await import('./pages/Site/Activity/SiteActivity.js')).SiteActivity,
  'activity',
)
const Danger = laterPage(async () => (await import('./pages/Site/Danger/Danger.js')).Danger)
const Trash = laterPage(async () => (await import('./pages/Trash/Trash.js')).Trash)
const Profile = laterPage(async () => (await import('./pages/Profile/Profile.js')).Profile)
const PlatformLayout = administratorsPage(
  async () => (await import('./pages/Platform/PlatformLayout.js')).PlatformLayout,
)
const Containers = administratorsPage(async () => (await import('./pages/Containers/Containers.js')).Containers)
const AllDomains = administratorsPage(async () => (await import('./pages/AllDomains/AllDomains.js')).AllDomains)
const AllBackups = administratorsPage(async () => (await import('./pages/AllBackups/AllBackups.js')).AllBackups)
const People = administratorsPage(async () => (await import('./pages/People/People.js')).People)
const Announcements = administratorsPage(
  async () => (await import('./pages/Announcements/Announcements.js')).Announcements,
)
const Operations = administratorsPage(async () => (await import('./pages/Operations/Operations.js')).Operations)
const Host = administratorsPage(async () => (await import('./pages/Host/Host.js')).Host)
const Audit = administratorsPage(async () => (await import('./pages/Audit/Audit.js')).Audit)
const Doctor = administratorsPage(async () => (await import('./pages/Doctor/Doctor.js')).Doctor)
const Activity = administratorsPage(async () => (await import('./pages/Activity/Activity.js')).Activity, 'activity')
const Templates = administratorsPage(async () => (await import('./pages/Templates/Templates.js')).Templates)

/** Which address shows which page. */
export function Pages() {
  return (
    <Routes>
      <Route path="/sign-in" element={<SignIn />} />
      <Route element={<Shell />}>
        <Route index element={<Navigate to="/sites" replace />} />
        <Route path="sites" element={<Sites />} />
        <Route path="trash" element={<Trash />} />
        <Route path="profile" element={<Profile />} />
        <Route path="create" element={<CreateSite />} />
        <Route path="sites/:name" element={<SiteLayout />}>
          <Route index element={<Overview />} />
          <Route path="files" element={<Files />} />
          <Route path="terminal" element={<Terminal />} />
          <Route path="database" element={<Database />} />
          <Route path="logs" element={<Logs />} />
          <Route path="graphs" element={<Graphs />} />
          <Route path="backups" element={<Backups />} />
          <Route path="access" element={<Access />} />
          <Route path="domains" element={<Domains />} />
          <Route path="visitors" element={<Visitors />} />
          <Route path="people" element={<Sharing />} />
          <Route path="activity" element={<SiteActivity />} />
          <Route path="settings" element={<Settings />} />
          <Route path="danger" element={<Danger />} />
        </Route>
        <Route path="platform" element={<AdministratorsOnly />}>
          <Route element={<PlatformLayout />}>
            <Route index element={<Navigate to="containers" replace />} />
            <Route path="containers" element={<Containers />} />
            <Route path="domains" element={<AllDomains />} />
            <Route path="backups" element={<AllBackups />} />
            <Route path="host" element={<Host />} />
            <Route path="people" element={<People />} />
            <Route path="announcements" element={<Announcements />} />
            <Route path="templates" element={<Templates />} />
            <Route path="operations" element={<Operations />} />
            <Route path="audit" element={<Audit />} />
            <Route path="activity" element={<Activity />} />
            <Route path="doctor" element={<Doctor />} />
          </Route>
        </Route>
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  )
}
