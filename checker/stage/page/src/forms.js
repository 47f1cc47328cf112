/** Submitting a form to the server, which jsdom leaves out. */

import { implementation as FormImpl } from "jsdom/lib/jsdom/living/nodes/HTMLFormElement-impl.js";
import SubmitEvent from "jsdom/lib/generated/idl/SubmitEvent.js";
import idlUtils from "jsdom/lib/generated/idl/utils.js";
import { fireAnEvent } from "jsdom/lib/jsdom/living/helpers/events.js";

const URLENCODED = "application/x-www-form-urlencoded";

function send(form, submitter) {
  const window = form._ownerDocument._defaultView;
  if (!window) return;
  const attribute = (name) =>
    submitter?.getAttributeNS(null, `form${name}`) ?? form.getAttributeNS(null, name);
  if (/^_blank$/i.test(attribute("target") ?? "")) return;
  if (/^dialog$/i.test(attribute("method") ?? "")) {
    idlUtils.wrapperForImpl(form).closest("dialog")?.close();
    return;
  }
  const wrapper = (impl) => (impl ? idlUtils.wrapperForImpl(impl) : undefined);
  const entries = [...new window.FormData(wrapper(form), wrapper(submitter))].map(
    ([name, value]) => [name, String(value.name ?? value)],
  );
  const fields = new URLSearchParams(entries).toString();
  const url = new URL(attribute("action") || form._ownerDocument.URL, form._ownerDocument.baseURI);
  if (/^post$/i.test(attribute("method") ?? "")) {
    globalThis.courseNavigate(window, url.href, { method: "POST", body: fields, type: URLENCODED });
  } else {
    url.search = fields;
    globalThis.courseNavigate(window, url.href, null);
  }
}

/** Teach jsdom's form element to submit. Call once. */
export function installForms() {
  FormImpl.prototype.submit = function submit() {
    send(this, null);
  };
  FormImpl.prototype.requestSubmit = function requestSubmit(submitter = null) {
    const novalidate =
      this.hasAttributeNS(null, "novalidate") ||
      submitter?.hasAttributeNS?.(null, "formnovalidate");
    if (!this.isConnected || (!novalidate && !this.reportValidity())) return;
    const options = { bubbles: true, cancelable: true, submitter };
    if (fireAnEvent("submit", this, SubmitEvent, options)) send(this, submitter);
  };
}
