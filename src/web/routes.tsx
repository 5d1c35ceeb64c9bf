import { lazy } from 'react'
import { Navigate, Route, Routes } from 'react-router'
import { NotFound } from './pages/NotFound.js'
import { AdministratorsOnly } from './pages/Shell/AdministratorsOnly.js'
import { Shell } from './pages/Shell/Shell.js'
import { SignIn } from './pages/SignIn/SignIn.js'
import { Sites } from './pages/Sites/Sites.js'

// What is not needed for the first look is loaded when it is.
const CreateSite = lazy(async () => ({ default: (await import('./pages/CreateSite/CreateSite.js')).CreateSite }))
const SiteLayout = lazy(async () => ({ default: (await import('./pages/Site/SiteLayout.js')).SiteLayout }))
const Overview = lazy(async () => ({ default: (await import('./pages/Site/Overview/Overview.js')).Overview }))
const Files = lazy(async () => ({ default: (await import('./pages/Site/Files/Files.js')).Files }))
const Terminal = lazy(async () => ({ default: (await import('./pages/Site/Terminal/Terminal.js')).Terminal }))
const Access = lazy(async () => ({ default: (await import('./pages/Site/Access/Access.js')).Access }))
const Domains = lazy(async () => ({ default: (await import('./pages/Site/Domains/Domains.js')).Domains }))
const Logs = lazy(async () => ({ default: (await import('./pages/Site/Logs/Logs.js')).Logs }))
const Graphs = lazy(async () => ({ default: (await import('./pages/Site/Graphs/Graphs.js')).Graphs }))
const Backups = lazy(async () => ({ default: (await import('./pages/Site/Backups/Backups.js')).Backups }))
const Visitors = lazy(async () => ({ default: (await import('./pages/Site/Visitors/Visitors.js')).Visitors }))
const Sharing = lazy(async () => ({ default: (await import('./pages/Site/Sharing/Sharing.js')).Sharing }))
const Settings = lazy(async () => ({ default: (await import('./pages/Site/Settings/Settings.js')).Settings }))
const Danger = lazy(async () => ({ default: (await import('./pages/Site/Danger/Danger.js')).Danger }))
const Trash = lazy(async () => ({ default: (await import('./pages/Trash/Trash.js')).Trash }))
const Profile = lazy(async () => ({ default: (await import('./pages/Profile/Profile.js')).Profile }))
const Containers = lazy(async () => ({ default: (await import('./pages/Containers/Containers.js')).Containers }))
const People = lazy(async () => ({ default: (await import('./pages/People/People.js')).People }))
const Doctor = lazy(async () => ({ default: (await import('./pages/Doctor/Doctor.js')).Doctor }))
const Templates = lazy(async () => ({ default: (await import('./pages/Templates/Templates.js')).Templates }))

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
          <Route path="logs" element={<Logs />} />
          <Route path="graphs" element={<Graphs />} />
          <Route path="backups" element={<Backups />} />
          <Route path="access" element={<Access />} />
          <Route path="domains" element={<Domains />} />
          <Route path="visitors" element={<Visitors />} />
          <Route path="people" element={<Sharing />} />
          <Route path="settings" element={<Settings />} />
          <Route path="danger" element={<Danger />} />
        </Route>
        <Route element={<AdministratorsOnly />}>
          <Route path="containers" element={<Containers />} />
          <Route path="people" element={<People />} />
          <Route path="templates" element={<Templates />} />
          <Route path="doctor" element={<Doctor />} />
        </Route>
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  )
}
