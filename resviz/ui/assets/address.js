// An address is completed in its place, so that Back leaves the page with one press. Streamlit makes a step in
// the history of every change of the parameters; the first ones after a page is opened are no step of a person's.
// An edit of a network that the address already holds stays a step: Back undoes it.
const push = history.pushState;

if (!push.completes) {
  history.pushState = function (state, title, url) {
    const here = new URL(location.href);
    const there = new URL(url ?? here, here);
    const completed = there.pathname === here.pathname && !here.searchParams.has("net");
    return completed ? history.replaceState(state, title, url) : push.call(history, state, title, url);
  };
  history.pushState.completes = true;
}

export default function () {}
