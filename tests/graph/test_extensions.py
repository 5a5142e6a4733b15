"""Bodies that create custom extensions.

Each file of `extensions/` is one that must be read whole. The examples of Microsoft's documents
are not: what the client does not know in them is recorded here.
"""

import json
import unittest
from datetime import timedelta
from pathlib import Path

from msgraph.generated.models.access_package_assignment_request_workflow_extension import (
    AccessPackageAssignmentRequestWorkflowExtension,
)
from msgraph.generated.models.access_package_assignment_workflow_extension import (
    AccessPackageAssignmentWorkflowExtension,
)
from msgraph.generated.models.custom_callout_extension import CustomCalloutExtension

from emitted import CORPUS
from reading import UNKNOWN, differences, read

EXAMPLES = CORPUS / "seed-examples"
KINDS = (AccessPackageAssignmentRequestWorkflowExtension, AccessPackageAssignmentWorkflowExtension)


class Extensions(unittest.TestCase):
    maxDiff = None

    def test_of_this_folder_are_read_whole(self):
        files = sorted(Path(__file__).parent.glob("extensions/*.json"))
        self.assertTrue(files)
        for file in files:
            with self.subTest(file.name):
                body = file.read_bytes()
                self.assertEqual(differences(body, CustomCalloutExtension), {})
                self.assertIn(type(read(body, CustomCalloutExtension)), KINDS)

    def test_wait_by_timeout_duration(self):
        body = (Path(__file__).parent / "extensions/request.json").read_bytes()
        callback = read(body, CustomCalloutExtension).callback_configuration
        self.assertEqual(callback.timeout_duration, timedelta(hours=1))

    def test_of_the_first_example_has_an_older_name(self):
        body = (EXAMPLES / "create-1-request-extension.request.json").read_bytes()
        self.assertEqual(
            differences(body, CustomCalloutExtension),
            {
                # Without `#`; the class is right only because it is the one that is declared.
                "/callbackConfiguration/@odata.type": "read as CustomExtensionCallbackConfiguration",
                "/callbackConfiguration/durationBeforeTimeout": UNKNOWN,
            },
        )

    def test_of_the_second_example_is_wrapped(self):
        body = (EXAMPLES / "create-2-assignment-extension.request.json").read_bytes()
        self.assertEqual(differences(body, CustomCalloutExtension), {"/value": UNKNOWN})
        unwrapped = json.dumps(json.loads(body)["value"]).encode()
        self.assertEqual(differences(unwrapped, CustomCalloutExtension), {})
        self.assertIs(
            type(read(unwrapped, CustomCalloutExtension)), AccessPackageAssignmentWorkflowExtension
        )
