// Before the page is painted: the scheme that the reader chose, if any, and a mark that scripts run.
const root = document.documentElement;
root.dataset.script = "";
try {
  const scheme = localStorage.getItem("scheme");
  if (scheme) root.dataset.scheme = scheme;
} catch { /* storage may be forbidden: the system's scheme it is */ }
